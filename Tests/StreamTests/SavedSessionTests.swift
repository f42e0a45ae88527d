import EmotionCore
import EmotionFiles
import Foundation
import TestSupport
import Testing

@testable import EmotionStream

/// Logs that are read again: what a session wrote is what a reader finds.
@Suite struct SavedSessionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func window(_ number: Int, _ speaker: String? = nil, channel: Int? = nil, note: String = "") -> Row {
        var row = Row(
            start: Double(number) / 2, end: Double(number) / 2 + 3,
            wallEnd: WallTime(nanoseconds: 1_767_225_603_250_000_000).advanced(seconds: Double(number) / 2), status: .ok
        )
        row.sequence = number
        (row.speech, row.level, row.inference, row.latency) = (0.75, -23.5, 31.3, 40)
        row.scores = EmotionScores(angry: 0.1, happy: 0.7, neutral: 0.15, sad: 0.05)
        row.smoothed = EmotionScores(angry: 0.25, happy: 0.25, neutral: 0.25, sad: 0.25)
        (row.decision, row.smoothedDecision, row.baseline) = (.emotion(.happy), .unsure, .profile("anna"))
        (row.speaker, row.channel, row.note) = (speaker, channel, note)
        return row
    }

    private func marker(_ time: Double, _ note: String, number: Int = 9) -> Row {
        var row = Row(start: time, end: time, wallEnd: WallTime(nanoseconds: 0), status: .marker)
        (row.sequence, row.note) = (number, note)
        return row
    }

    private func file(_ text: String) throws -> RegularFile {
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path("a.csv")))
        return try RegularFile(scratch.path("a.csv"))
    }

    private func sessions(_ text: String) throws -> [SavedSession] { try SavedSession.all(in: file(text)) }

    private func text(_ rows: [Row], _ format: RowFormat = RowFormat()) -> String {
        format.csvHeader + rows.map(format.csv).joined()
    }

    private func text(_ rows: [Row], _ dialect: CSVDialect) -> String {
        text(rows, RowFormat(holdsLogits: false, dialect: dialect))
    }

    @Test(arguments: CSVDialect.allCases, [false, true])
    func everyRowReadsBackAsItWas(dialect: CSVDialect, holdsLogits: Bool) throws {
        var first = window(0, "-Ann; B.", channel: 2, note: "=1+1; \"two\"\r\n-lines, 1,5")
        first.logits = holdsLogits ? EmotionScores(angry: 1.5, happy: -2, neutral: 0, sad: -0.25) : nil
        var silence = Row(start: 0.5, end: 3.5, wallEnd: first.wallEnd, status: .silence)
        (silence.sequence, silence.level, silence.missingSeconds) = (1, -120, 0.25)
        var states: [Row] = []
        for (number, state) in [BaselineState.none, .automatic, .session, .recording].enumerated() {
            states.append(window(number + 2))
            states[number].baseline = state
        }
        let rows = [first, silence] + states
        let format = RowFormat(holdsLogits: holdsLogits, dialect: dialect)
        var reader = try SessionReader(file(text(rows, format)))
        for row in rows { #expect(try reader.next() == row) }
        #expect(try reader.next() == nil)
        #expect(Array(text(rows, format).utf8).starts(with: [0xEF, 0xBB, 0xBF]) == (dialect == .excelEU))
    }

    @Test func anExcelRowHasSemicolonsAndDecimalCommas() {
        let row = window(1, note: "a;b")
        let line = RowFormat(holdsLogits: false, dialect: .excelEU).csv(row)
        #expect(line.hasPrefix("1;0,500;3,500;20") && line.contains(";0,750;-23,5;0,1000;0,7000;"), "\(line)")
        #expect(line.hasSuffix(";31,3;40,0;0,000;\"a;b\";;;anna\r\n"))
    }

    @Test(arguments: CSVDialect.allCases) func aLogIsContinuedInItsOwnDialect(dialect: CSVDialect) throws {
        let path = scratch.path("b.csv")
        do {
            let log = try CSVLog(path: path, format: RowFormat(holdsLogits: false, dialect: dialect))
            try log.write(window(0, "A"))
        }
        for other in CSVDialect.allCases {
            let log = try CSVLog(
                path: path, existing: .continued, format: RowFormat(holdsLogits: false, dialect: other))
            try log.write(window(0, "B"))
        }
        let sessions = try SavedSession.all(in: RegularFile(path))
        #expect(sessions.map(\.number) == [1, 2, 3] && sessions.map(\.speakers) == [["A"], ["B"], ["B"]])
        #expect(sessions.allSatisfy { $0.windows.count == 1 && $0.events.isEmpty && $0.seconds == 3 })
        #expect(try LogReader(RegularFile(path)).dialect == dialect)
    }

    @Test func sessionsAreToldApartByTheirTimesAndHeaders() throws {
        let rows = [
            window(0), marker(3.2, "one"), window(1), marker(0, "session appended"), marker(0, "at once"), window(0),
        ]
        let sessions = try sessions(text(rows) + text([marker(0, "first"), window(0)]))
        #expect(sessions.map { $0.windows.count } == [2, 1, 1])
        #expect(sessions.map { $0.events.map(\.note) } == [["one"], ["at once"], []])
        #expect(sessions.map(\.seconds) == [3.5, 3, 3])
        #expect(sessions[0].began.iso8601 == WallTime(nanoseconds: 1_767_225_600_250_000_000).iso8601)
        #expect(try self.sessions(RowFormat().csvHeader).isEmpty)
    }

    @Test func aPauseIsInNoSegment() throws {
        var pause = Row(start: 4, end: 60, wallEnd: WallTime(nanoseconds: 0), status: .marker)
        pause.note = "recording resumed"
        let session = try #require(try sessions(text([window(0), window(1), pause, window(140), window(141)])).first)
        #expect(session.events.map(\.isPause) == [true])
        let times = session.segments(of: nil).map {
            [$0.range.lowerBound, $0.range.upperBound].map(AudioFormat.seconds)
        }
        #expect(times == [[0, 3.5], [70, 73.5]])
    }

    @Test func eachChannelHasSegmentsOfItsOwn() throws {
        let session = try #require(
            try sessions(text([window(0, channel: 1), window(0, channel: 2), window(1, channel: 1)])).first)
        #expect(session.channels == [1, 2])
        #expect(session.segments(of: 1).map(\.range.count) == [56_000])
        #expect(session.segments(of: 2).map(\.range.count) == [48_000])
    }

    @Test func whatIsNoSessionsLogIsRefusedByItsLine() throws {
        let rows = [window(0), window(1)]
        for (old, new, words) in [
            (",ok,", ",fine,", "line 2 has a status that this version does not know"),
            (",happy,", ",glad,", "line 2 has a label in the column label that is neither an emotion nor unsure"),
            ("0,0.000,3.000,", "0,3.000,0.000,", "line 2 does not say from when until when it is"),
            ("0,0.000,3.000,", "0,nan,3.000,", "line 2 has no number that fits in the column start_s"),
            ("0.7000", "1.7000", "line 2 has no number that fits in the column p_happy"),
            ("1,0.500,3.500", "1,0.500,1e99", "line 3 has no number that fits in the column end_s"),
            ("T", " ", "line 2 has no ISO 8601 time in the column wall_end"),
            (",,,anna", ",3,,anna", "line 2 has a channel that is neither 1 nor 2"),
            ("wall_end,", "", "it has no column wall_end; it is not a session's log"),
        ] {
            let error = #expect(throws: CSVFileError.self) { try sessions(text(rows).replacing(old, with: new)) }
            #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
        }
        let error = #expect(throws: CSVFileError.self) { try sessions(text([window(1), window(0)])) }
        #expect(error?.problem.hasPrefix("line 3 begins before the window above it") == true)
    }
}
