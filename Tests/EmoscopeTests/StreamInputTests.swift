import EmotionSoundFiles
import Foundation
import TestSupport
import Testing

/// Sound from pipes, standard input, lists, folders, ffmpeg and files with any name; results on standard output.
@Suite(.timeLimit(.minutes(5))) struct StreamInputTests {
    /// Runs a line of shell, in which `$e` is the program, in a folder.
    private func shell(_ line: String, in scratch: Scratch, environment: [String: String] = [:]) throws -> Outcome {
        _ = FileManager.default.createFile(atPath: scratch.path("errors"), contents: nil)
        let run = try ChildProcess(
            ["bash", "-c", "cd \"$1\"; e=$2; \(line)", "bash", scratch.url.path, try builtProduct("emoscope")],
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            output: scratch.url.appendingPathComponent("output"))
        let status = run.waitForExit()
        return Outcome(status: status, output: try scratch.text("output"), errors: "")
    }

    /// `talk.wav`: 6 s of the conversation, as floats; `talk.pcm`: the same as 16-bit samples without a header.
    private func talk() throws -> Scratch {
        let scratch = try Scratch()
        let samples = try excerpt(conversation, from: 1, to: 7)
        try writeWAV(samples, to: scratch.path("talk.wav"))
        let words = samples.map { Int16(($0 * 32_767).rounded()) }
        try words.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: scratch.path("talk.pcm")))
        return scratch
    }

    /// The lines of a run without the name of the file.
    private func results(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1).last.map(String.init) ?? "" }
    }

    // MARK: Pipes

    @Test func predictReadsStandardInputAndPipes() throws {
        let scratch = try talk()
        let plain = try emoscope("predict", "talk.wav", in: scratch.url)
        #expect(plain.status == 0 && plain.output.hasPrefix("talk.wav: "))
        for line in [
            "cat talk.wav | $e predict -", "$e predict - < talk.wav", "$e predict <(cat talk.wav)",
            "$e predict /dev/stdin < talk.wav", "cat talk.wav | $e predict --baseline none /dev/stdin",
        ] {
            let run = try shell(line, in: scratch)
            #expect(run.status == 0 && results(run.output) == results(plain.output), "\(line): \(run.output)")
        }
        #expect(try shell("cat talk.wav | $e predict -", in: scratch).output.hasPrefix("-: "))
        let twice = try shell("cat talk.wav | $e predict --baseline whole -", in: scratch)
        #expect(twice.status == 2 && twice.output.contains("is a stream"), "\(twice.output)")
        #expect(try shell("$e predict - - < talk.wav", in: scratch).status == 2)
        let nothing = try shell("$e predict - < /dev/null", in: scratch)
        #expect(nothing.status == 1 && nothing.output.contains("no sound is sent to it"), "\(nothing.output)")
    }

    @Test func bareSamplesNeedTheirFormat() throws {
        let scratch = try talk()
        let run = try shell("$e predict --raw S16_LE,16000,1 - talk.pcm < talk.pcm", in: scratch)
        #expect(run.status == 0 && Set(results(run.output)).count == 1 && run.lines.count == 2, "\(run.output)")
        let wrong = try emoscope("predict", "--raw", "S17,16000,1", "talk.pcm", in: scratch.url)
        #expect(wrong.status == 2 && wrong.errors.contains("S16_LE, S16_BE, U16_LE"), "\(wrong.errors)")
        let segments = try shell("$e predict --segments --raw S16_LE,16000,1 - < talk.pcm", in: scratch)
        #expect(segments.status == 0 && segments.output.contains("0.0–"), "\(segments.output)")
    }

    /// A replay of a pipe gives the rows of a replay of the file.
    @Test func replayAndEmbedReadPipes() throws {
        let scratch = try talk()
        let rows = "| cut -d, -f1-3,5-17"
        let file = try shell("$e replay --fast -q -o - talk.wav \(rows)", in: scratch)
        let pipe = try shell("cat talk.wav | $e replay --fast -q -o - - \(rows)", in: scratch)
        #expect(file.lines.count == 8 && file.output == pipe.output, "\(pipe.output)")
        let vectors = try shell("cat talk.wav | $e embed - -o - | cut -d, -f2-", in: scratch)
        #expect(try vectors.output == shell("$e embed talk.wav -o - | cut -d, -f2-", in: scratch).output)
        #expect(vectors.output.components(separatedBy: "\r\n").count == 3)
    }

    /// What a recorder sends is heard as it comes: the first rows arrive before the recorder ends.
    @Test func watchHearsAPipeLive() throws {
        let scratch = try talk()
        let run = try shell(
            "mkfifo p; { cat talk.pcm; exec sleep 90; } > p & timeout 60 $e watch --raw S16_LE,16000,1 --duration 6 "
                + "--json -q - < p 2>&1; s=$?; kill $!; exit $s",
            in: scratch)
        #expect(run.status == 0 && run.lines.count == 7, "\(run.output)")
        let record = try shell(
            "cat talk.wav | $e record -q live.csv - && $e replay --fast -q -o file.csv talk.wav", in: scratch)
        #expect(record.status == 0, "\(record.output)")
        func rows(_ name: String) throws -> [[String]] {
            Log(try scratch.text(name)).windows.map { row in
                ["seq", "start_s", "end_s", "status", "p_angry", "p_sad", "label"].map { row[$0]! }
            }
        }
        #expect(try rows("live.csv") == rows("file.csv") && rows("live.csv").count == 7)
        for (line, word) in [
            ("$e watch -D hw:9 -", "give one of them"), ("$e watch talk.wav", "is no pipe"),
            ("$e watch --raw S16_LE,16000,1", "name one"),
        ] {
            let run = try shell(line + " 2>&1", in: scratch)
            #expect(run.status == 2 && run.output.contains(word), "\(run.output)")
        }
    }

    /// The dashboard takes its keys from the terminal while standard input is the sound.
    @Test func theDashboardShowsAPipe() throws {
        let scratch = try talk()
        let terminal = try Terminal(columns: 110, rows: 30)
        try terminal.type("cd \(scratch.url.path); mkfifo p; (cat talk.pcm; exec sleep 120) > p &")
        try terminal.type("clear; \(try builtProduct("emoscope")) watch --raw S16_LE,16000,1 - < p; echo ended with $?")
        try terminal.wait(for: "an emotion", seconds: 60) { $0.contains("LIVE -") && $0.contains("model 9") }
        try terminal.send("q")
        try terminal.wait(for: "the end", seconds: 30) { $0.contains("ended with 0") && $0.contains("windows") }
        try terminal.type("kill %1")
    }

    /// A session that waits for a silent pipe ends with a signal.
    @Test func aSilentPipeCanBeLeft() throws {
        let scratch = try talk()
        let run = try shell(
            "mkfifo p; { head -c 60000 talk.pcm; exec sleep 90; } > p & "
                + "timeout -k 20 -s INT 3 $e watch --raw S16_LE,16000,1 -q p; echo ended $?; kill $!", in: scratch)
        #expect(run.output.contains("ended 124"), "\(run.output)")
    }

    // MARK: Standard output

    @Test func aLogOnStandardOutputIsCSVAlone() throws {
        let scratch = try talk()
        let run = try emoscope("replay", "--fast", "-o", "-", "talk.wav", in: scratch.url)
        let log = Log(run.output)
        #expect(run.status == 0 && log.header.first == "seq" && log.windows.count == 7 && !run.output.contains("{"))
        #expect(run.errors.contains("7 windows"), "the summary is on standard error: \(run.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted() == ["talk.pcm", "talk.wav"])
        let head = try shell("$e replay --fast -q -o - talk.wav | head -n 1", in: scratch)
        #expect(head.lines.count == 1)
        // A log that fails leaves standard output where it is, whatever that is.
        let kept = try shell(
            """
            echo first > log; $e replay --fast -q -o - talk.wav >> log; echo $?; grep -c , log; head -n 1 log
            : > empty; $e replay --fast -q -o - --save-audio talk.wav talk.wav 2>&1 > empty; test -L /dev/stdout; echo $?
            """, in: scratch)
        #expect(kept.lines.prefix(3) == ["0", "8", "first"] && kept.lines.last == "0", "\(kept.output)")
    }

    // MARK: Names

    @Test func namesAreBytes() throws {
        let scratch = try talk()
        let run = try shell(
            """
            n=$(printf 'caf\\351'); cp talk.wav "$n.wav"
            $e predict "$n.wav" | od -An -c | tr -d ' \\n'; echo
            $e predict --json "$n.wav" | grep -c 'caf\u{FFFD}.wav'
            $e replay --fast -q "$n.wav" -o "$n.csv" --save-audio "$n-2.wav" > /dev/null
            ls *.csv *.json *-2.wav | od -An -c | tr -d ' \\n'
            """, in: scratch)
        #expect(run.lines.count == 3 && run.lines[0].hasPrefix("caf351.wav:"), "\(run.output)")
        #expect(run.lines[1] == "1")
        #expect(run.lines[2].contains("caf351.csv") && run.lines[2].contains("caf351.json"), "\(run.output)")
        #expect(run.lines[2].contains("caf351-2.wav"))
    }

    @Test func foldersAndListsAreRead() throws {
        let scratch = try talk()
        let made = try shell(
            "mkdir -p d/b/c d/.hidden; for f in z.wav a.wav b/c/m.wav .hidden/x.wav notes.txt; do cp talk.wav d/$f; done",
            in: scratch)
        #expect(made.status == 0)
        let names = ["d/a.wav", "d/b/c/m.wav", "d/z.wav"]
        func files(_ run: Outcome) -> [String] { run.lines.map { String($0.prefix { $0 != ":" }) } }
        #expect(try files(emoscope("predict", "d", in: scratch.url)) == names)
        #expect(try files(emoscope("predict", "d/", in: scratch.url)) == names)
        let list = try shell(
            "printf 'd/z.wav\\n\\nd/a.wav\\r\\n' > list; $e predict --files-from list talk.wav", in: scratch)
        #expect(files(list) == ["talk.wav", "d/z.wav", "d/a.wav"], "\(list.output)")
        let zeros = try shell("find d -name 'a.wav' -print0 | $e predict --files-from -", in: scratch)
        #expect(files(zeros) == ["d/a.wav"], "\(zeros.output)")
        let empty = try shell("mkdir e; $e predict e; echo $?; $e predict --files-from /dev/null; echo $?", in: scratch)
        #expect(empty.output.contains("holds no recording") && empty.output.contains("names no recording"))
        #expect(try emoscope("predict").status == 2)
    }

    /// More names than a command line takes.
    @Test func manyThousandsOfNames() throws {
        let scratch = try Scratch()
        try writeWAV([Float](repeating: 0, count: 1600), to: scratch.path("zero.wav"))
        let run = try shell(
            "for i in $(seq 20000); do echo zero.wav; done | $e predict --files-from - | sort | uniq -c", in: scratch)
        #expect(run.lines.map { $0.split(separator: " ").map(String.init) } == [["20000", "zero.wav:", "silence"]])
    }

    // MARK: ffmpeg

    private static let formats: [(name: String, options: String)] = [
        ("a.m4a", "-c:a aac -b:a 128k"), ("a.mp4", "-c:a aac -b:a 128k"), ("a.aac", "-c:a aac -b:a 128k"),
        ("a.mkv", "-c:a flac"), ("a.webm", "-c:a libopus"), ("a.wma", "-c:a wmav2 -b:a 128k"),
        ("flac.ogg", "-c:a flac"),
    ]

    @Test func ffmpegReadsTheOthers() throws {
        let scratch = try talk()
        let plain = try emoscope("predict", "talk.wav", in: scratch.url)
        let label = try #require(results(plain.output).first?.split(separator: " ").first)
        for (name, options) in Self.formats {
            let run = try shell(
                "ffmpeg -v error -i talk.wav \(options) \(name) && $e predict \(name) && cat \(name) | $e predict -",
                in: scratch)
            #expect(run.status == 0 && run.lines.count == 2, "\(name): \(run.output)")
            for line in results(run.output) { #expect(line.contains(label), "\(name): \(line)") }
        }
        let none = try shell("EMOSCOPE_FFMPEG= $e predict a.m4a", in: scratch)
        #expect(none.status == 1 && none.output.contains("where the program ffmpeg is installed"), "\(none.output)")
        let text = try shell("echo no sound > t.mp4; $e predict t.mp4", in: scratch)
        #expect(
            text.status == 1 && text.output.contains("neither this program nor ffmpeg finds sound"), "\(text.output)")
    }

    @Test func ffmpegThatStreamsIsRead() throws {
        let scratch = try talk()
        let plain = try emoscope("predict", "talk.wav", in: scratch.url)
        let run = try shell("ffmpeg -v error -i talk.wav -f wav -c:a pcm_f32le - | $e predict -", in: scratch)
        #expect(run.status == 0 && results(run.output) == results(plain.output), "\(run.output)")
        let raw = try shell(
            "ffmpeg -v error -i talk.wav -f s16le -ar 48000 -ac 2 - | $e predict --raw S16_LE,48000,2 -", in: scratch)
        #expect(raw.status == 0 && raw.lines.count == 1, "\(raw.output)")
    }

    /// A list of other files is not followed, neither to a network nor on the disk.
    @Test func whatNamesOtherFilesIsNotFollowed() throws {
        let scratch = try talk()
        let run = try shell(
            """
            printf '#EXTM3U\\n#EXTINF:10,\\ntalk.wav\\n#EXT-X-ENDLIST\\n' > a.m4a; $e predict a.m4a; echo $?
            printf 'ffconcat version 1.0\\nfile talk.wav\\n' > b.m4a; $e predict b.m4a; echo $?
            """, in: scratch)
        #expect(run.lines.filter { $0 == "1" }.count == 2 && !run.output.contains("angry"), "\(run.output)")
    }

    /// ffmpeg ends with the program, whatever ends that.
    @Test func ffmpegEndsWithTheProgram() throws {
        let scratch = try talk()
        let run = try shell(
            """
            ffmpeg -v error -stream_loop 200 -i talk.wav -c:a aac long.m4a
            $e replay --realtime -q long.m4a -o x.csv & sleep 3
            child=$(pgrep -P $! -x ffmpeg); pgrep -P $! -c -x ffmpeg; kill -9 $!; wait $! 2>/dev/null
            for i in $(seq 100); do test -e /proc/$child || break; sleep 0.1; done; test -e /proc/$child; echo $?
            """, in: scratch)
        #expect(run.lines.suffix(2) == ["1", "1"], "\(run.output)")
    }
}
