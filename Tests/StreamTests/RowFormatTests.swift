import EmotionCore
import Foundation
import Testing

@testable import EmotionStream

@Suite struct RowFormatTests {
    private var row: Row {
        var row = Row(start: 1.5, end: 4.5, wallEnd: WallTime(nanoseconds: 1_767_225_600_123_000_000), status: .ok)
        row.sequence = 7
        row.speech = 0.75
        row.level = -23.46
        row.scores = EmotionScores(angry: 0.7, happy: 0.1, neutral: 0.15, sad: 0.05)
        row.smoothed = EmotionScores(angry: 0.2, happy: 0.1, neutral: 0.6, sad: 0.1)
        row.decision = .emotion(.angry)
        row.smoothedDecision = .unsure
        row.logits = EmotionScores(angry: 1.5, sad: -0.25)
        row.baseline = .profile("anna")
        row.inference = 31.26
        row.latency = 40
        return row
    }

    @Test func theHeaderNamesTheDocumentedColumns() {
        #expect(
            RowFormat().csvHeader
                == "seq,start_s,end_s,wall_end,status,speech,rms_dbfs,p_angry,p_happy,p_neutral,p_sad,label,"
                + "s_angry,s_happy,s_neutral,s_sad,smoothed_label,"
                + "infer_ms,latency_ms,dropped_s,note,channel,speaker,baseline\r\n"
        )
        #expect(
            RowFormat(holdsLogits: true).csvHeader.hasSuffix(
                ",note,channel,speaker,baseline,l_angry,l_happy,l_neutral,l_sad\r\n"))
    }

    @Test func aRowIsOneLineOfItsColumns() {
        let line = RowFormat().csv(row)
        let cells = line.dropLast().split(separator: ",", omittingEmptySubsequences: false)
        #expect(cells.count == Row.columns(RowFormat()).count)
        #expect(line.hasPrefix("7,1.500,4.500,20"))
        #expect(
            line.hasSuffix(
                ",ok,0.750,-23.5,0.7000,0.1000,0.1500,0.0500,angry,0.2000,0.1000,0.6000,0.1000,unsure,31.3,40.0,0.000,,,,anna\r\n"
            ))
    }

    @Test func theLogitsFollowWhereTheyAreAskedFor() {
        #expect(RowFormat(holdsLogits: true).csv(row).hasSuffix(",0.000,,,,anna,1.50000,0.00000,0.00000,-0.25000\r\n"))
    }

    @Test func valuesThatDoNotApplyAreEmptyOrNull() throws {
        let row = Row(start: 0, end: 3, wallEnd: .now, status: .silence)
        #expect(RowFormat().csv(row).hasSuffix(",silence,,,,,,,,,,,,,,,0.000,,,,\r\n"))
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(RowFormat().json(row).utf8)) as? [String: Any])
        #expect(Set(object.keys) == Set(Row.columns(RowFormat())))
        for column in ["p_angry", "channel", "speaker", "baseline"] { #expect(object[column] is NSNull, "\(column)") }
        #expect(object["note"] as? String == "")
        #expect(object["end_s"] as? Double == 3)
    }

    @Test(arguments: ["plain", "a,b", "say \"hi\"", "two\nlines", "two\r\nlines", "=1+1", "@x", "ünï\u{1}"])
    func anyNoteReadsBackFromBothFormats(note: String) throws {
        var row = row
        row.note = note
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(RowFormat().json(row).utf8)) as? [String: Any])
        #expect(object["note"] as? String == note)
        let cell = RowFormat().csv(row).components(separatedBy: ",0.000,")[1].replacing(",,,anna\r\n", with: "")
        #expect(!cell.hasPrefix("=") && !cell.hasPrefix("@"))
        let quoted = note.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline })
        #expect(cell.hasPrefix("\"") == quoted)
    }

    @Test func channelSpeakerAndBaselineFollowTheNote() throws {
        var row = row
        row.channel = 2
        row.speaker = "-Ann B."
        #expect(RowFormat().csv(row).hasSuffix(",0.000,,2,'-Ann B.,anna\r\n"), "no name runs as a formula")
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(RowFormat().json(row).utf8)) as? [String: Any])
        #expect(object["speaker"] as? String == "-Ann B." && object["channel"] as? Int == 2)
    }

    @Test func numbersAreFixedWithAPoint() {
        #expect((0.05 as Double).fixed(4) == "0.0500")
        #expect((-0.04 as Double).fixed(1) == "0.0")
        #expect((-12.25 as Double).fixed(1) == "-12.3" || (-12.25 as Double).fixed(1) == "-12.2")
        #expect((3 as Double).fixed(0) == "3")
        #expect(Double.nan.fixed(2) == "")
        #expect((1e300 as Double).fixed(2) == "")
    }

    @Test func wallTimeIsISO8601WithMillisecondsAndOffset() throws {
        let text = WallTime(nanoseconds: 1_767_225_600_123_456_789).iso8601
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let date = try #require(formatter.date(from: text))
        #expect(abs(date.timeIntervalSince1970 - 1_767_225_600.123) < 1e-4)
    }
}
