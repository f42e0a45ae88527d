import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionStream

/// `emoscope speakers` on logs that a session could have written, and on files that are none.
@Suite(.timeLimit(.minutes(5))) struct SpeakersTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    // MARK: Logs

    /// A window of speech, or a marker where it has no label.
    private func row(
        _ number: Int, _ speaker: String?, to end: Double, _ label: Decision? = .emotion(.sad), channel: Int? = nil,
        note: String = ""
    ) -> Row {
        var row = Row(
            start: label == nil ? end : end - 3, end: end, wallEnd: WallTime(nanoseconds: 0),
            status: label == nil ? .marker : .ok)
        row.sequence = number
        row.speaker = speaker
        row.channel = channel
        row.note = note
        row.baseline = label == nil ? nil : .automatic
        guard let label else { return row }
        row.level = -20
        row.speech = 1
        row.scores = EmotionScores { $0 == .sad ? 1 : 0 }
        row.smoothed = row.scores
        row.decision = label
        row.smoothedDecision = label
        return row
    }

    /// Four speakers with windows that begin each half second, notes of all kinds, and a marker of nobody.
    private var conversation: [Row] {
        let speakers = ["A", "A", "C", "B", "C", "-d", nil, "A"]
        let notes = ["", "a, \"b\"", "two\r\n9,A,lines", "=1+1", "", "", "", "A"]
        return speakers.indices.map { index in
            row(
                index, speakers[index], to: 3 + Double(index) / 2, index == 6 ? nil : .emotion(.sad), note: notes[index]
            )
        }
    }

    private func text(_ rows: [Row], format: RowFormat = RowFormat()) -> String {
        format.csvHeader + rows.map(format.csv).joined()
    }

    /// The same rows with other names.
    private func renamed(_ rows: [Row], _ names: [String: String]) -> [Row] {
        rows.map { row in
            var row = row
            row.speaker = row.speaker.map { names[$0] ?? $0 }
            return row
        }
    }

    private func write(_ text: String, _ name: String = "talk.csv") throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path(name)))
    }

    private func bytes(_ name: String = "talk.csv") throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path(name))))
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted()
    }

    private func speakers(_ arguments: String...) throws -> Outcome {
        try emoscope(["speakers"] + arguments, in: scratch.url)
    }

    // MARK: The list

    @Test func theListHasTheTimeWindowsAndLabelsOfEachSpeaker() throws {
        var rows = conversation
        rows[1] = row(1, "A", to: 3.5, .unsure)
        try write(text(rows))
        let list = try speakers("talk.csv")
        #expect(list.status == 0, "\(list.errors)")
        #expect(
            list.output == """
                speaker  seconds  windows  angry  happy  neutral    sad  unsure
                A            4.5        3    0 %    0 %      0 %   89 %    11 %
                C            1.0        2    0 %    0 %      0 %  100 %     0 %
                B            0.5        1    0 %    0 %      0 %  100 %     0 %
                -d           0.5        1    0 %    0 %      0 %  100 %     0 %

                """)
        #expect(try bytes() == Array(text(rows).utf8))
    }

    /// Stream time begins anew in a session that was appended and in a log behind another; channels have times of their
    /// own; a pause of the log is nobody's.
    @Test func timeIsThatOfEachSessionAndChannel() throws {
        let first = [1, 2].map { row($0, "A", to: 3, channel: $0) } + [row(2, "B", to: 3.5, channel: 1)]
        let appended = [row(3, nil, to: 0, nil), row(4, "B", to: 3, channel: 1), row(5, "B", to: 60, channel: 1)]
        try write(text(first + appended) + text([row(0, "A", to: 3.5, channel: 1)]))
        let list = try speakers("talk.csv")
        let cells = list.lines.map { $0.split(separator: " ").prefix(3).map(String.init) }
        #expect(
            cells == [["speaker", "seconds", "windows"], ["A", "9.0", "3"], ["B", "6.5", "3"]], "\(list.output)")
    }

    @Test func aSessionThatTellsNobodyApartHasNoSpeakers() throws {
        try writeWAV(tone(seconds: 4), to: scratch.path("a.wav"))
        #expect(try emoscope("replay", "--fast", "a.wav", "-o", "talk.csv", in: scratch.url).status == 0)
        let list = try speakers("talk.csv")
        #expect(list.status == 0 && list.output == "" && list.errors.contains("names no speaker"))
        let before = try bytes()
        let rename = try speakers("talk.csv", "--rename", "A", "Anna")
        #expect(rename.status == 2 && rename.errors.contains("names no speaker"), "\(rename.errors)")
        #expect(try bytes() == before)
    }

    // MARK: Changes

    @Test func mergesAndRenamesChangeTheSpeakersAloneAndKeepEveryOtherByte() throws {
        let rows = conversation
        let after = renamed(rows, ["C": "Anna", "A": "Anna", "B": "-x y.", "-d": "Dora"])
        let arguments = [
            "--rename", "A", "Anna", "--merge", "A", "C", "talk.csv", "--rename", "B", "-x y.", "--rename", "-d",
            "Dora",
        ]
        func check(_ kind: String, _ change: ([Row], RowFormat) -> String) throws {
            for format in [RowFormat(), RowFormat(holdsLogits: true)] {
                try write(change(rows, format))
                let run = try emoscope(["speakers"] + arguments, in: scratch.url)
                #expect(run.status == 0, "\(kind): \(run.errors)")
                #expect(try bytes() == Array(change(after, format).utf8), "\(kind)")
                #expect(run.output == "talk.csv: 7 rows changed; the speakers are Anna, -x y., Dora\n")
            }
        }
        try check("plain") { text($0, format: $1) }
        try check("line feeds") { text($0, format: $1).replacing("\r\n", with: "\n") }
        try check("a byte order mark and empty lines") { "\u{FEFF}" + text($0, format: $1) + "\r\n\n" }
        try check("a quoted header") { text($0, format: $1).replacing("seq,", with: "\"seq\",") }
        try check("more columns") { rows, format in
            "extra,\(format.csvHeader.dropLast()),\"o,o\"\r\n"
                + rows.map { "\"A\",\(format.csv($0).dropLast()),C\r\n" }.joined()
        }
        try check("a row that breaks off") { text($0, format: $1) + "8,3.000,6.5" }
        try check("a row that breaks off in its note") { text($0, format: $1) + "8,3.0,6.5,,ok,,,,,,,,,,,,,,,,,\"A, o" }
        try check("no line end at the end") { String(text($0, format: $1).dropLast()) }
        let marker = row(8, nil, to: 0, nil, note: "session appended")
        try check("two sessions") { text($0 + [marker], format: $1) + text([], format: $1) }
    }

    @Test func aQuotedNameIsFoundAndANameIsWrittenAsACellOfItsOwn() throws {
        try write(text([row(0, "A", to: 3), row(1, "B", to: 3.5)]).replacing(",A,auto", with: ",\"A\",auto"))
        #expect(try speakers("talk.csv", "--merge", "B", "A").status == 0)
        #expect(try bytes() == Array(text([row(0, "B", to: 3), row(1, "B", to: 3.5)]).utf8))
    }

    @Test func changesAreAppliedInTheirOrderMergesFirst() throws {
        func result(_ arguments: [String]) throws -> [String] {
            try write(
                text(["A", "B", "C", "D"].enumerated().map { row($0.offset, $0.element, to: 3 + Double($0.offset)) }))
            let run = try emoscope(["speakers", "talk.csv"] + arguments, in: scratch.url)
            #expect(run.status == 0, "\(run.errors)")
            return Log(try scratch.text("talk.csv")).column("speaker")
        }
        #expect(try result(["--merge", "A", "B", "--merge", "C", "D"]) == ["A", "A", "C", "C"])
        #expect(try result(["--merge", "A", "B", "--merge", "C", "A"]) == ["C", "C", "C", "D"])
        #expect(
            try result(["--rename", "A", "X", "--rename", "B", "A", "--rename", "X", "B"]) == ["B", "A", "C", "D"])
        #expect(try result(["--rename", "A", "B", "--merge", "C", "B"]) == ["B", "C", "C", "D"], "B is free by then")
        #expect(try result(["--rename", "A", "A"]) == ["A", "B", "C", "D"])
    }

    @Test func whatCannotBeChangedIsRefusedAndTheLogStays() throws {
        try write(text(conversation))
        for (arguments, words) in [
            (["--merge", "A", "E"], "there is no speaker \"E\"; there are A, C, B, -d"),
            (["--rename", "E", "Anna"], "there is no speaker \"E\""),
            (["--merge", "A", "C", "--rename", "C", "Anna"], "there is no speaker \"C\"; there are A, B, -d"),
            (["--merge", "A", "A"], "merged with itself"),
            (["--rename", "A", "B"], "\"B\" is another speaker; to make both one, give --merge B A"),
            (["--rename", "A", "a,b"], "cannot name a speaker"), (["--rename", "A", "12"], "cannot name a speaker"),
            (["--rename", "A", ""], "cannot name a speaker"), (["--merge", "A"], "--merge <speaker> <other>"),
            (["--merge", "A", "--rename", "B", "Bob"], "--merge <speaker> <other>"),
            (["--rename", "A", "-o", "other.csv"], "--rename <speaker> <new>"), (["--merge"], "--merge"),
            (["--merge", "A", "B", "C"], "C"), (["-o", "other.csv"], "--output needs"),
        ] {
            let run = try emoscope(["speakers", "talk.csv"] + arguments, in: scratch.url)
            #expect(run.status == 2 && run.output == "", "\(arguments)")
            #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
        }
        #expect(try bytes() == Array(text(conversation).utf8))
        #expect(try names() == ["talk.csv"])
    }

    // MARK: Files

    @Test func whatIsNoLogIsRefusedByNameAndStays() throws {
        let rows = text(conversation)
        let older = rows.replacing("speaker,", with: "")
        for (content, words) in [
            ("", "it is empty"), ("path,speaker,emotion,corpus\r\na.wav,A,sad,x\r\n", "it is not a session's log"),
            (older, "it has no column speaker; it was written by an older version or is not a session's log"),
            (rows.replacing("note,", with: "speaker,"), "the column speaker twice"),
            (rows + "8,\"A\r\n", "opens a quote that is never closed"),
            (rows + "8,a\"b\r\n", "line 11 has a quote inside"),
            (rows + "8,3.000\r\n", "line 11 has 2 cells where the header has 24"),
            (rows + String(repeating: ",", count: 24) + "\r\n", "line 11 has 25 cells"),
            (rows + String(repeating: ",", count: 24), "line 11 has 25 cells"), (rows + "8,\u{0}\r\n", "NUL"),
            (rows + String(repeating: "x", count: 70_000), "longer than 64 KiB"),
        ] {
            try write(content)
            for arguments in [[], ["--rename", "A", "Anna"]] {
                let run = try emoscope(["speakers", "talk.csv"] + arguments, in: scratch.url)
                #expect(run.status == 1 && run.output == "", "\(words): \(run.output)")
                #expect(run.errors.hasPrefix("emoscope: cannot read \"talk.csv\": "), "\(run.errors)")
                #expect(run.errors.contains(words), "\(run.errors)")
            }
            #expect(try bytes() == Array(content.utf8))
            #expect(try names() == ["talk.csv"])
        }
        for (path, words) in [("none.csv", "No such file"), (".", "it is a folder"), ("/dev/null", "a device")] {
            for arguments in [[], ["--merge", "A", "B"]] {
                let run = try emoscope(["speakers", path] + arguments, in: scratch.url)
                #expect(run.status == 1 && run.errors.contains(words), "\(run.errors)")
            }
        }
    }

    @Test(arguments: [0o600, 0o664, 0o644]) func theLogKeepsItsPermissionsAndTheDescriptionStays(mode: Int) throws {
        try write(text(conversation))
        try write("{}", "talk.json")
        chmod(scratch.path("talk.csv"), mode_t(mode))
        #expect(try speakers("talk.csv", "--rename", "A", "Anna").status == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("talk.csv"))
        #expect(attributes[.posixPermissions] as? Int == mode)
        #expect(try bytes() == Array(text(renamed(conversation, ["A": "Anna"])).utf8))
        #expect(try scratch.text("talk.json") == "{}" && names() == ["talk.csv", "talk.json"])
    }

    @Test func anotherFileIsWrittenInPlaceOfTheLogWhereOneIsNamed() throws {
        try write(text(conversation))
        chmod(scratch.path("talk.csv"), 0o600)
        let expected = Array(text(renamed(conversation, ["A": "Anna"])).utf8)
        #expect(try speakers("talk.csv", "--rename", "A", "Anna", "-o", "new.csv").status == 0)
        #expect(try bytes("new.csv") == expected && bytes() == Array(text(conversation).utf8))
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.path("new.csv"))[.posixPermissions] as? Int
        #expect(mode == 0o600, "it tells what the log tells")
        try write("precious", "new.csv")
        for output in ["new.csv", "talk.csv"] {
            let refused = try speakers("-o", output, "--rename", "A", "Anna", "talk.csv")
            #expect(refused.status == 5 && refused.errors.contains("--force"), "\(refused.errors)")
        }
        #expect(try scratch.text("new.csv") == "precious" && bytes() == Array(text(conversation).utf8))
        #expect(try speakers("talk.csv", "--rename", "A", "Anna", "-o", "new.csv", "--force").status == 0)
        #expect(try bytes("new.csv") == expected)
        #expect(try speakers("talk.csv", "--rename", "A", "Anna", "-o", "talk.csv", "--force").status == 0)
        #expect(try bytes() == expected && names() == ["new.csv", "talk.csv"])
    }

    @Test func aLinkIsNotReplacedAndALogThatIsBeingWrittenIsNotChanged() throws {
        try write(text(conversation))
        try FileManager.default.createSymbolicLink(atPath: scratch.path("link.csv"), withDestinationPath: "talk.csv")
        #expect(try speakers("link.csv").status == 0)
        let link = try speakers("link.csv", "--rename", "A", "Anna")
        #expect(link.status == 5 && link.errors.contains("link"), "\(link.errors)")

        let session = try CSVLog(path: scratch.path("talk.csv"), existing: .continued)
        let before = try bytes()
        #expect(try speakers("talk.csv").status == 0)
        for output in [[], ["-o", "talk.csv", "--force"]] {
            let run = try emoscope(["speakers", "talk.csv", "--rename", "A", "Anna"] + output, in: scratch.url)
            #expect(run.status == 5 && run.errors.contains("another emoscope is writing it"), "\(run.errors)")
        }
        #expect(try speakers("talk.csv", "--rename", "A", "Anna", "-o", "new.csv").status == 0)
        #expect(try bytes() == before)
        try session.write(row(0, "A", to: 3))
        #expect(session.current.lost == 0 && session.current.renewals == 0)
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "only root may mount a small disk"))
    func aFullDiskLeavesTheLogAsItWas() throws {
        let disk = try SmallDisk(kilobytes: 64)
        let log = text((0..<300).map { row($0, "A", to: 3 + Double($0)) })
        try Data(log.utf8).write(to: URL(fileURLWithPath: disk.path("talk.csv")))
        disk.fill()
        let run = try emoscope("speakers", disk.path("talk.csv"), "--rename", "A", "Anna")
        #expect(run.status == 5 && run.errors.contains("nothing was changed"), "\(run.errors)")
        #expect(try String(contentsOfFile: disk.path("talk.csv"), encoding: .utf8) == log)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: disk.folder.path).sorted() == ["filler", "talk.csv"])
    }

    @Test func theHelpSaysWhatARepeatGives() throws {
        let help = try speakers("--help")
        #expect(help.status == 0 && help.output.contains("--repeat"))
        #expect(help.output.contains("--merge <speaker> <other>") && help.output.contains("--rename <speaker> <new>"))
    }
}
