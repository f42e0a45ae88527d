import EmotionCore
import EmotionFiles
import Foundation
import Testing

/// `export`, `report` and the CSV dialects on logs that the program itself writes.
@Suite(.timeLimit(.minutes(5))) struct ExportCommandTests {
    /// A session of 20 s with two speakers, in both dialects, which several tests look at.
    private final class Made: Sendable {
        let scratch: Scratch
        let outcome: Outcome

        init() throws {
            scratch = try Scratch()
            try writeWAV(try excerpt(conversation, from: 4, to: 24), to: scratch.path("a.wav"))
            outcome = try emoscope(
                "replay", "--fast", "-q", "--speakers", "2", "a.wav", "-o", "a.csv", "--save-audio", "saved.wav",
                in: scratch.url)
            _ = try emoscope(
                "replay", "--fast", "-q", "--speakers", "2", "a.wav", "-o", "excel.csv", "--csv-dialect", "excel-eu",
                in: scratch.url)
        }
    }

    private static let made = Result { try Made() }

    private let scratch: Scratch

    init() throws { scratch = try Self.made.get().scratch }

    private func run(_ arguments: String...) throws -> Outcome { try emoscope(arguments, in: scratch.url) }

    private func export(_ log: String, _ format: String, _ more: String...) throws -> String {
        let run = try emoscope(["export", log, "--to", format] + more, in: scratch.url)
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        return run.output
    }

    /// The lines of a CSV without quotes, as cells.
    private func cells(_ text: String, _ separator: Character = ",") -> [[String]] {
        text.split(whereSeparator: \.isNewline)
            .map { $0.split(separator: separator, omittingEmptySubsequences: false).map(String.init) }
    }

    // MARK: The segments

    @Test func theSegmentsAreThoseOfPredict() throws {
        let predicted = try run("predict", "--segments", "--csv", "--speakers", "2", "a.wav")
        #expect(predicted.status == 0, "\(predicted.errors)")
        let exported = cells(try export("a.csv", "segments")).map { Array($0.dropFirst().dropLast()) }
        let own = cells(predicted.output).map { Array($0.dropFirst()) }
        #expect(exported[0] == own[0] && exported.count == own.count && own.count > 3)
        for (row, other) in zip(exported.dropFirst(), own.dropFirst()) {
            for (cell, own) in zip(row, other) {
                // The log has four decimals of each probability.
                guard let (number, right) = Double(cell).flatMap({ a in Double(own).map { (a, $0) } }) else {
                    #expect(cell == own)
                    continue
                }
                #expect(abs(number - right) < 0.0006, "\(row) is not \(other)")
            }
        }
    }

    @Test func bothDialectsOfALogExportTheSame() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("excel.csv")))
        #expect(bytes.starts(with: Array("\u{FEFF}seq;start_s;".utf8)))
        for format in ["segments", "textgrid", "rttm", "vtt"] {
            #expect(
                try export("a.csv", format).replacing("SPEAKER a ", with: "")
                    == export("excel.csv", format).replacing("SPEAKER excel ", with: ""), "\(format)")
        }
        #expect(try run("speakers", "a.csv").output == run("speakers", "excel.csv").output)
        let excel = try export("a.csv", "segments", "--csv-dialect", "excel-eu")
        #expect(excel.contains("kind;start_s;") && excel.contains("segment;0,000;"))
    }

    @Test func theSpeakersOfAnExcelLogGetOtherNames() throws {
        let before = try scratch.text("excel.csv")
        let rename = try run("speakers", "excel.csv", "--rename", "A", "Anna", "-o", "renamed.csv")
        #expect(rename.status == 0, "\(rename.errors)")
        #expect(try scratch.text("renamed.csv") == before.replacing(";A;none", with: ";Anna;none"))
    }

    @Test func aLogIsAppendedToInItsDialectAndAskedForBySession() throws {
        for name in ["a", "excel"] {
            try FileManager.default.copyItem(
                atPath: scratch.path("\(name).csv"), toPath: scratch.path("two-\(name).csv"))
            let append = try run(
                "replay", "--fast", "-q", "--speakers", "2", "a.wav", "-o", "two-\(name).csv", "--append")
            #expect(append.status == 0, "\(append.errors)")
            let log = "two-\(name).csv"
            let several = try run("export", log, "--to", "segments")
            #expect(several.status == 2 && several.output == "")
            #expect(
                several.errors.contains("holds 2 sessions, whose times all begin at 0: choose one with --session: 1 ("))
            for session in ["1", "2"] {
                #expect(try export(log, "segments", "--session", session) == export("a.csv", "segments"))
            }
            let none = try run("export", log, "--to", "segments", "--session", "3")
            #expect(none.status == 2 && none.errors.contains("has no session 3"))
        }
        let report = try run("report", "two-a.csv", "-o", "two.html")
        #expect(report.status == 0, "\(report.errors)")
        #expect(try scratch.text("two.html").contains("<h1>2 sessions</h1>"))
    }

    // MARK: Windows

    @Test func aRowAWindowIsThatOfTheLog() throws {
        let windows = try run("predict", "--windows", "--csv", "--speakers", "2", "a.wav")
        #expect(windows.status == 0, "\(windows.errors)")
        let (rows, log) = (Log(windows.output), Log(try scratch.text("a.csv")))
        #expect(rows.rows.count == log.rows.count && rows.rows.count == 35)
        for column in ["start_s", "end_s", "status", "speech", "speaker", "label", "p_sad", "baseline"] {
            #expect(rows.column(column) == log.column(column), "\(column)")
        }
        let json = try run("predict", "--windows", "--json", "--speakers", "2", "a.wav").lines
        #expect(json.count == 35 && json[0].hasPrefix("{\"file\":\"a.wav\",\"start_s\":0.000,\"end_s\":3.000,"))
        let table = try run("predict", "--windows", "--speakers", "2", "a.wav").lines
        #expect(table.count == 36 && table[1].contains("0.0–3.0"))
    }

    // MARK: Files

    @Test func aFileIsWrittenWholeAndNotOverTheOther() throws {
        let path = scratch.path("out.TextGrid")
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        let refused = try run("export", "a.csv", "--to", "textgrid", "-o", "out.TextGrid")
        #expect(refused.status == 5 && refused.errors.contains("--force"), "\(refused.errors)")
        #expect(try scratch.text("out.TextGrid") == "precious")
        #expect(try run("export", "a.csv", "--to", "textgrid", "-o", "out.TextGrid", "--force").status == 0)
        #expect(
            try scratch.text("out.TextGrid") == export("a.csv", "textgrid")
                && scratch.text("out.TextGrid") == export("a.csv", "textgrid", "-o", "-"))
        let nowhere = try run("export", "a.csv", "--to", "eaf", "-o", "nowhere/a.eaf")
        #expect(nowhere.status == 5, "\(nowhere.errors)")
    }

    @Test func theReportIsAFileWithTheSoundBesideOrInIt() throws {
        #expect(try run("report", "a.csv").status == 0)
        let page = try scratch.text("a.html")
        #expect(page.contains("<audio controls preload=\"metadata\" src=\"./saved.wav\">"))
        #expect(page.contains("<dt>source</dt><dd>a.wav</dd>") && !page.contains(scratch.url.path))
        let again = try run("report", "a.csv")
        #expect(again.status == 5 && again.errors.contains("--force"))
        #expect(try run("report", "a.csv", "--embed-sound", "-o", "whole.html").status == 0)
        #expect(try scratch.text("whole.html").contains("src=\"data:audio/wav;base64,UklGR"))
        #expect(try run("report", "a.csv", "excel.csv", "-o", "a.svg").status == 0)
        #expect(try scratch.text("a.svg").components(separatedBy: "<text class=\"heading\"").count == 3)
        // A log alone says less.
        try FileManager.default.copyItem(atPath: scratch.path("a.csv"), toPath: scratch.path("alone.csv"))
        #expect(try run("report", "alone.csv").status == 0)
        let alone = try scratch.text("alone.html")
        #expect(!alone.contains("<audio") && alone.contains("There is no description beside the log that can be read."))
        // What beside it is no description says nothing.
        for json in ["{", "{\"audio\":\"/etc/passwd\"}"] {
            try Data(json.utf8).write(to: URL(fileURLWithPath: scratch.path("alone.json")))
            let said = try run("report", "alone.csv", "--force")
            #expect(said.status == 0 && said.errors.contains("is not the description of a session"), "\(said.errors)")
            #expect(try scratch.text("alone.html") == alone)
        }
        let silent = try run("report", "alone.csv", "--force", "--embed-sound")
        #expect(
            silent.status == 1 && silent.errors.contains("the sound of \"alone.csv\" is not known"), "\(silent.errors)")
    }

    /// A log that somebody else made must not bring any other file into a page.
    @Test func onlySoundIsPutIntoAPage() throws {
        let manager = FileManager.default
        try manager.copyItem(atPath: scratch.path("a.csv"), toPath: scratch.path("theirs.csv"))
        let description = try scratch.text("a.json").replacingOccurrences(of: "saved.wav", with: "secret.wav")
        try Data(description.utf8).write(to: URL(fileURLWithPath: scratch.path("theirs.json")))
        try Data("root:x:0:0".utf8).write(to: URL(fileURLWithPath: scratch.path("secret.wav")))
        let refused = try run("report", "theirs.csv", "--embed-sound")
        #expect(refused.status == 1 && refused.errors.contains("cannot put"), "\(refused.errors)")
        #expect(!manager.fileExists(atPath: scratch.path("theirs.html")))
    }

    @Test func whatIsReadIsNeverReplaced() throws {
        for (arguments, kept) in [
            (["export", "a.csv", "--to", "vtt", "-o", "a.csv", "--force"], "a.csv"),
            (["export", "a.csv", "--to", "vtt", "-o", "./a.json", "--force"], "a.json"),
            (["replay", "--fast", "-q", "a.wav", "-o", "a.wav", "--force"], "a.wav"),
            (
                [
                    "replay", "--fast", "-q", "a.wav", "--save-audio", "../\(scratch.url.lastPathComponent)/a.wav",
                    "--force",
                ], "a.wav"
            ),
            (["replay", "--fast", "-q", "a.wav", "-o", "b.csv", "--save-audio", "b.csv"], "a.wav"),
            (["replay", "--fast", "-q", "a.wav", "-o", "b.csv", "--save-audio", "b.json"], "a.wav"),
        ] {
            let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path(kept)))
            let refused = try emoscope(arguments, in: scratch.url)
            #expect(refused.status == 5 && refused.errors.contains("cannot write"), "\(arguments): \(refused.errors)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path(kept))) == before, "\(arguments)")
            #expect(!FileManager.default.fileExists(atPath: scratch.path("b.csv")))
        }
    }

    // MARK: Usage

    @Test(arguments: [
        (["export", "a.csv"], 2, "--to"), (["export", "a.csv", "--to", "docx"], 2, "docx"),
        (["export", "a.csv", "--to", "vtt", "--csv-dialect", "excel-eu"], 2, "--csv-dialect is for --to segments"),
        (["export", "a.csv", "--to", "vtt", "--min-segment", "11"], 2, "choose 0 to 10 seconds"),
        (["export", "none.csv", "--to", "vtt"], 1, "cannot read \"none.csv\""),
        (["export", "a.wav", "--to", "vtt"], 1, "cannot read \"a.wav\""),
        (["report", "a.csv", "-o", "a.pdf"], 2, "must end in .html or .svg"),
        (["report", "a.csv", "-o", "b.svg", "--embed-sound"], 2, "a picture has no sound"),
        (["report", "a.csv", "excel.csv", "--session", "1"], 2, "give one log with it"),
        (["predict", "a.wav", "--csv"], 2, "--csv needs --segments or --windows"),
        (["predict", "a.wav", "--windows", "--segments"], 2, "not both"),
        (["predict", "a.wav", "--windows", "--csv", "--json"], 2, "not both"),
        (["predict", "a.wav", "--windows", "--csv-dialect", "excel-eu"], 2, "--csv-dialect needs --csv"),
        (["predict", "a.wav", "--windows", "--min-segment", "1"], 2, "--min-segment needs --segments"),
        (["record", "b.csv", "--csv-dialect", "tsv"], 2, "rfc4180"),
    ])
    func whatDoesNotWorkIsNamed(arguments: [String], status: Int, words: String) throws {
        let run = try emoscope(arguments, in: scratch.url)
        #expect(Int(run.status) == status && run.output == "", "\(run.output)")
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test func aFullDiskIsAFailureOfTheOutput() throws {
        let run = try emoscope(["export", "a.csv", "--to", "jsonl", "-o", "/dev/full"], in: scratch.url)
        #expect(run.status == 5, "\(run.errors)")
    }

    @Test func aLogWithoutSpeakersHasNoTurns() throws {
        try writeWAV(tone(seconds: 4), to: scratch.path("tone.wav"))
        #expect(try run("replay", "--fast", "-q", "tone.wav", "-o", "tone.csv").status == 0)
        let turns = try run("export", "tone.csv", "--to", "rttm")
        #expect(turns.status == 1 && turns.errors.contains("names no speaker, so it has no turns"), "\(turns.errors)")
    }

    @Test func representationsHaveDecimalCommas() throws {
        let embed = try run("embed", "a.wav", "-o", "-", "--csv-dialect", "excel-eu")
        #expect(embed.status == 0, "\(embed.errors)")
        let rows = cells(embed.output, ";")
        #expect(rows.count == 2 && rows[0].count == rows[1].count && rows[1][0] == "a.wav")
        #expect(rows[1].dropFirst().allSatisfy { CSVDialect.excelEU.number($0) != nil && !$0.contains(".") })
    }

    @Test func manifestsAreReadAndWrittenInBothDialects() throws {
        let folder = scratch.url.appendingPathComponent("corpus")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["03a01Wa.wav", "03a01Nc.wav"] {
            try writeWAV(tone(seconds: 3), to: folder.appendingPathComponent(name).path)
        }
        let manifest = try run("manifest", "emodb", "corpus", "-o", "clips.csv", "--csv-dialect", "excel-eu")
        #expect(manifest.status == 0, "\(manifest.errors)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("clips.csv")))
        #expect(bytes.starts(with: Array("\u{FEFF}path;speaker;emotion;corpus\r\n".utf8)))
        let evaluate = try run("evaluate", "clips.csv", "--no-vad")
        #expect(evaluate.status == 0, "\(evaluate.errors)")
    }
}
