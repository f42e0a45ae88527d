import EmotionCore
import EmotionFiles
import EmotionStream
import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import EmotionReport

/// The exact text of each format, on a small log with names and notes that every format has to escape.
@Suite struct ExportTests {
    private func export(_ log: MadeUpLog, _ format: ExportFormat, _ dialect: CSVDialect = .rfc4180) throws -> String {
        let context = ExportFormat.Context(
            name: "my talk", date: "2026-01-01T00:00:00.000+00:00", sound: "a talk.wav", dialect: dialect)
        return try format.encode(Annotations(log.session()), context)
    }

    /// Compares a text line by line, so that a failure shows the line.
    private func expect(_ text: String, _ golden: String) {
        for (line, other) in zip(text.split(separator: "\n"), golden.split(separator: "\n")) { #expect(line == other) }
        #expect(text == golden)
    }

    // MARK: Goldens

    @Test(arguments: ExportFormat.allCases) func theTextIsTheGoldenOne(format: ExportFormat) throws {
        let text = try export(.conversation, format)
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens/conversation.\(format.rawValue)")
        if ProcessInfo.processInfo.environment["EMOSCOPE_RECORD_EXPORTS"] != nil {
            try Data(text.utf8).write(to: golden)
        }
        expect(text, try String(contentsOf: golden, encoding: .utf8))
    }

    @Test func theOtherDialectHasTheSameCells() throws {
        func cells(_ dialect: CSVDialect) throws -> [[String]] {
            var reader = try CSVReader(Array(export(.conversation, .segments, dialect).utf8))
            var rows: [[String]] = []
            while let row = try reader.next() { rows.append(row) }
            return rows
        }
        let (plain, excel) = (try cells(.rfc4180), try cells(.excelEU))
        #expect(plain.count == 7 && plain[1][1] == "0.000" && excel[1][1] == "0,000")
        let numbers = [1, 2, 6, 7, 8, 9, 10]
        for (row, other) in zip(plain, excel) {
            for (index, cell) in row.enumerated() {
                #expect((numbers.contains(index) ? cell.replacing(".", with: ",") : cell) == other[index])
            }
        }
    }

    // MARK: Tiers

    @Test func tiersHaveNamesThatNoOtherHas() throws {
        var log = MadeUpLog()
        log.window(0, "sad", speaker: "markers")
        log.window(3, "sad", speaker: "no reading")
        log.window(6, "silence")
        log.window(9, "sad", speaker: "a\tb")
        log.window(12, "sad", speaker: "a b")
        let annotations = Annotations(try log.session())
        #expect(annotations.tiers.map(\.name) == ["markers 2", "no reading", "a b", "a b 2", "no reading 2"])
        #expect(annotations.tiers.allSatisfy { $0.segments.count == 1 })
        let turns = try export(log, .rttm).split(separator: "\n").map { $0.split(separator: " ")[7] }
        #expect(turns == ["markers_2", "no_reading", "a_b", "a_b_2"])
    }

    @Test func aTierOfProbabilitiesHasANameOfItsOwn() throws {
        for speakers in [["A", "A probability"], ["A probability", "A"]] {
            var log = MadeUpLog()
            for (index, speaker) in speakers.enumerated() { log.window(3 * Double(index), "sad", speaker: speaker) }
            let grid = try export(log, .textgrid)
            let names = grid.split(separator: "\n").filter { $0.hasPrefix("        name") }
            #expect(names.count == 4 && Set(names).count == 4, "\(names)")
        }
    }

    @Test func aLogWithoutSpeakersHasOneVoiceAndNoTurns() throws {
        var log = MadeUpLog()
        log.window(0, "angry")
        log.window(3, "silence")
        #expect(Annotations(try log.session()).tiers.map(\.name) == ["voice", "no reading"])
        let refusal = #expect(throws: ExportRefusal.self) { try export(log, .rttm) }
        #expect(refusal?.description.hasPrefix("the session names no speaker") == true)
        #expect(try export(log, .audacity) == "0.000000\t3.000000\tangry 0.70\n3.000000\t6.000000\tsilence\n")
    }

    @Test func channelsHaveTiersAndTurnsOfTheirOwn() throws {
        var log = MadeUpLog()
        for (start, label) in [(0.0, "angry"), (3, "happy")] {
            log.window(start, label, channel: "1")
            log.window(start, start == 0 ? "silence" : "sad", channel: "2")
        }
        let annotations = Annotations(try log.session())
        #expect(annotations.tiers.map(\.name) == ["channel 1", "channel 2", "channel 2 no reading"])
        #expect(annotations.tiers.map(\.channel) == [1, 2, 2])
        #expect(
            try export(log, .rttm) == """
                SPEAKER my_talk 1 0.000 6.000 <NA> <NA> channel_1 <NA> <NA>
                SPEAKER my_talk 2 3.000 3.000 <NA> <NA> channel_2 <NA> <NA>

                """)
        #expect(try export(log, .audacity).contains("0.000000\t3.000000\tchannel 2: silence\n"))
    }

    @Test func aPauseIsAnEmptyIntervalAndPointsOfOneMomentAreOne() throws {
        var log = MadeUpLog()
        log.window(0, "angry")
        log.event("marker", 3, 60, "recording resumed")
        log.marker(60, "here")
        log.window(60, "angry")
        let grid = try export(log, .textgrid)
        let intervals = grid.components(separatedBy: "intervals [").dropFirst().prefix(3).map {
            $0.split(separator: "\n").dropFirst().map { $0.split(separator: " ").last ?? "" }.prefix(3)
        }
        #expect(
            intervals == [
                ["0.000", "3.000", "\"angry\""], ["3.000", "60.000", "\"\""], ["60.000", "63.000", "\"angry\""],
            ])
        #expect(grid.contains("points: size = 1") && grid.contains("mark = \"recording resumed / here\""))
    }

    @Test func whatIsXMLIsWellFormedWhateverALogHolds() throws {
        var log = MadeUpLog()
        let odd = "]]>\u{1}\u{FFFE}&#0;<!--\u{202E}\u{2028}'"
        log.window(0, "sad", speaker: "\"\(odd)\"")
        log.marker(1, odd + "\r\n\u{0C}</svg></script>")
        #expect(XMLParser(data: Data(try export(log, .eaf).utf8)).parse())
        let picture = SVGReport.text([SessionFigures(try log.session(), name: odd)])
        #expect(XMLParser(data: Data(picture.utf8)).parse())
    }

    @Test func anEmptySessionExportsToEveryFormat() throws {
        var log = MadeUpLog()
        log.marker(0.5, "alone")
        for format in ExportFormat.allCases where format != .rttm {
            #expect(try export(log, format).contains("alone"), "\(format)")
        }
    }

    @Test func anAddressIsRelativeAndEscaped() {
        #expect("a b.wav".asAddress == "./a%20b.wav" && "../ä:1#?.wav".asAddress == "../%C3%A4%3A1%23%3F.wav")
        #expect("c:1.wav".asAddress == "./c%3A1.wav" && FileName.text([0xFF]).asAddress == "./%FF")
    }
}
