import EmotionEvaluation
import Foundation
import Testing

struct ManifestTests {
    private func clips(_ text: String, beside files: String...) throws -> [LabelledClip] {
        let tree = try Tree()
        for file in files { try tree.write(file, "x") }
        return try Manifest(path: tree.write("manifest.csv", text)).clips.map { clip in
            var clip = clip
            clip.path = clip.path.replacing(tree.path, with: "")
            return clip
        }
    }

    @Test func readsColumnsInAnyOrderAndIgnoresOthers() throws {
        let clips = try clips(
            "emotion,seconds,corpus,path,speaker\r\nsad,1.5,x,a.wav,x_1\r\nangry,2,x,\"b,\"\"c\"\".wav\",x_2\r\n")
        #expect(
            clips == [
                LabelledClip(path: "/a.wav", speaker: "x_1", emotion: .sad, corpus: "x"),
                LabelledClip(path: "/b,\"c\".wav", speaker: "x_2", emotion: .angry, corpus: "x"),
            ])
    }

    @Test func acceptsLineFeedsAByteOrderMarkEmptyLinesAndNoLastLineEnd() throws {
        let clips = try clips("\u{FEFF}path,speaker,emotion,corpus\n\na.wav,1,happy,x\n\nb.wav,1,sad,x")
        #expect(clips.map(\.path) == ["/a.wav", "/b.wav"])
    }

    @Test func cellsMayBeSeparatedBySemicolons() throws {
        let clips = try clips("\u{FEFF}path;speaker;emotion;corpus\r\na,1.wav;1;happy;x\r\n")
        #expect(clips == [LabelledClip(path: "/a,1.wav", speaker: "1", emotion: .happy, corpus: "x")])
    }

    @Test func otherEmotionsAreLeftOutAndCounted() throws {
        let tree = try Tree()
        let manifest = try Manifest(
            path: tree.write(
                "m.csv",
                "path,speaker,emotion,corpus\nno-a.wav,1,fear,x\nno-b.wav,1,sad,x\nno-c.wav,1,fear,x\nno-d.wav,1,,x\n"))
        #expect(manifest.clips.count == 1)
        #expect(manifest.leftOut == ["fear": 2, "without emotion": 1])
    }

    @Test func aPathIsRelativeToTheManifestsFolderOrToItsParent() throws {
        let tree = try Tree("corpora/near.wav", "corpora/both.wav", "both.wav", "corpora/x/far.wav")
        let text =
            "path,speaker,emotion,corpus\nnear.wav,1,sad,x\nboth.wav,1,sad,x\ncorpora/x/far.wav,1,sad,x\n/abs.wav,1,sad,x\nnone.wav,1,sad,x\n"
        try tree.write("corpora/manifest.csv", text)
        let found = try Manifest(path: tree.path + "/corpora").clips.map { $0.path.replacing(tree.path, with: "") }
        #expect(
            found == ["/corpora/near.wav", "/corpora/both.wav", "/corpora/x/far.wav", "/abs.wav", "/corpora/none.wav"])
    }

    @Test func aRowThatNamesAFolderStandsForItsManifest() throws {
        let tree = try Tree()
        try tree.write("one/manifest.csv", "path,speaker,emotion,corpus\na.wav,1,sad,one\nb.wav,1,fear,one\n")
        try tree.write("two/manifest.csv", "path,speaker,emotion,corpus\nc.wav,1,angry,two\n")
        let manifest = try Manifest(path: tree.write("all.csv", "path,speaker,emotion,corpus\none,,,\ntwo,,,\n"))
        #expect(manifest.clips.map(\.corpus) == ["one", "two"])
        #expect(manifest.clips.map { $0.path.replacing(tree.path, with: "") } == ["/one/a.wav", "/two/c.wav"])
        #expect(manifest.leftOut == ["fear": 1])
    }

    @Test func aFoldersManifestMayNotNameFolders() throws {
        let tree = try Tree()
        try tree.write("one/manifest.csv", "path,speaker,emotion,corpus\n.,,,\n")
        let outer = try tree.write("all.csv", "path,speaker,emotion,corpus\none,,,\n")
        expectError(naming: "names the folder \".\"") { try Manifest(path: outer) }
        let twice = try tree.write("twice.csv", "path,speaker,emotion,corpus\ntwo,,,\n./two,,,\n")
        try tree.write("two/manifest.csv", "path,speaker,emotion,corpus\na,1,sad,x\n")
        expectError(naming: "again") { try Manifest(path: twice) }
        expectError(naming: "without manifest.csv") { try Manifest(path: tree.path) }
    }

    /// Any fault in the file gives an error that names the line.
    @Test(
        arguments: [
            ("", nil, "no column path, speaker, emotion, corpus"),
            ("path|speaker|emotion|corpus\n", nil, "its header has path|speaker"),
            ("path,path,speaker,emotion,corpus\n", nil, "path twice"),
            ("path,speaker,emotion,corpus\n", nil, "no clip whose emotion is angry"),
            ("path,speaker,emotion,corpus\na,1,joy,x\n", nil, "1 joy"),
            ("path,speaker,emotion,corpus\na,1,sad\n", 2, "3 cells"),
            ("path,speaker,emotion,corpus\na,1,sad,x\n,1,sad,x\n", 3, "no path"),
            ("path,speaker,emotion,corpus\na,,sad,x\n", 2, "no speaker"),
            ("path,speaker,emotion,corpus\n\"a\nb\nc,1,sad,x\n", 2, "never closed"),
            ("path,speaker,emotion,corpus\n\"a\nb\",1,sad,x\n\"c\"d,1,sad,x\n", 4, "after a closing quote"),
            ("path,speaker,emotion,corpus\na\"b,1,sad,x\n", 2, "not quoted"),
            ("path,speaker,emotion,corpus\na\u{0},1,sad,x\n", 2, "NUL"),
        ] as [(String, Int?, String)])
    func whatIsNoManifestIsRefused(text: String, line: Int?, words: String) throws {
        let tree = try Tree()
        let file = try tree.write("m.csv", text)
        let error = #expect(throws: EvaluationError.self) { try Manifest(path: file) }
        #expect(error?.line == line)
        #expect(error.map(String.init)?.contains(words) == true, "\(String(describing: error))")
    }

    @Test func aFileThatIsNoTextIsRefused() throws {
        let tree = try Tree()
        let header = Data("path,speaker,emotion,corpus\n".utf8)
        let latin = try tree.write("latin.csv", header + [0xE4] + Data(",1,sad,x\n".utf8))
        expectError(naming: "UTF-8") { try Manifest(path: latin) }
        let record = try tree.write("record.csv", header + Data(repeating: 0x61, count: 70_000))
        expectError(naming: "longer than 64 KiB") { try Manifest(path: record) }
        let cells = try tree.write("cells.csv", header + Data(repeating: 0x2C, count: 70_000))
        expectError(naming: "longer than 64 KiB") { try Manifest(path: cells) }
        let quote = try tree.write("quote.csv", header + Data([0x22]) + Data(repeating: 0x0A, count: 70_000))
        expectError(naming: "longer than 64 KiB") { try Manifest(path: quote) }
        let labels = try tree.write(
            "labels.csv", header + Data((0..<10_002).map { "a,1,e\($0),x\n" }.joined().utf8))
        expectError(naming: "emotion") { try Manifest(path: labels) }
    }

    /// A sparse file, which is refused for its size alone.
    @Test func aFileBeyondTheBoundIsNotRead() throws {
        let tree = try Tree()
        let file = try tree.write("huge.csv", "path,speaker,emotion,corpus\n")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.truncate(atOffset: 1 << 40)
        try handle.close()
        expectError(naming: "larger than 64 MiB") { try Manifest(path: file) }
        expectError(naming: "does not exist") { try Manifest(path: tree.path + "/none.csv") }
        let pipe = tree.path + "/pipe.csv"
        #expect(mkfifo(pipe, 0o600) == 0)
        expectError(naming: "no regular file") { try Manifest(path: pipe) }
    }

    @Test func namesInMessagesHoldNoControlCharacters() throws {
        let tree = try Tree()
        let file = try tree.write("m.csv", "path,speaker,emotion,corpus\na,1,\u{1B}[2J,x\n")
        let error = #expect(throws: EvaluationError.self) { try Manifest(path: file) }
        #expect(error.map(String.init)?.contains("\u{1B}") == false)
    }

    @Test func whatIsWrittenReadsBackTheSame() throws {
        let clips = [
            LabelledClip(path: "/a, \"b\"\r\nc/=d.wav", speaker: "-1", emotion: .neutral, corpus: "@x"),
            LabelledClip(path: "/é.wav", speaker: "s", emotion: .happy, corpus: "y"),
        ]
        let text = Manifest.text(clips)
        #expect(text.hasPrefix("path,speaker,emotion,corpus\r\n") && text.hasSuffix("\r\n"))
        let tree = try Tree()
        #expect(try Manifest(path: tree.write("m.csv", text)).clips == clips)
    }
}
