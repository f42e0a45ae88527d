import EmotionCore
import EmotionFiles
import EmotionStream
import Foundation
import TestSupport

/// Small logs as text, and the sessions that are read from them.
struct MadeUpLog {
    private var lines: [String] = []

    static let header =
        "seq,start_s,end_s,wall_end,status,speech,rms_dbfs,p_angry,p_happy,p_neutral,p_sad,label,s_angry,s_happy,s_neutral,"
        + "s_sad,smoothed_label,infer_ms,latency_ms,dropped_s,note,channel,speaker,baseline"

    private static func wall(_ seconds: Double) -> String {
        WallTime(nanoseconds: 1_767_225_600_000_000_000).advanced(seconds: seconds).iso8601
    }

    /// A window of speech with a label, or of another status.
    mutating func window(
        _ start: Double, _ label: String, _ probability: Double = 0.7, speaker: String = "", channel: String = "",
        baseline: String = "none"
    ) {
        let end = start + 3
        let head = "\(lines.count),\(start.fixed(3)),\(end.fixed(3)),\(Self.wall(end))"
        let word = label == "unsure" ? "neutral" : label
        guard let emotion = Emotion(rawValue: word) else {
            lines.append("\(head),\(label),0.000,-60.0,,,,,,,,,,,,,0.000,,\(channel),\(speaker),")
            return
        }
        let scores = EmotionScores { Float($0 == emotion ? probability : (1 - probability) / 3) }
        let cells = scores.values.map { Double($0).fixed(4) }.joined(separator: ",") + "," + label
        lines.append("\(head),ok,0.900,-20.0,\(cells),\(cells),30.0,40.0,0.000,,\(channel),\(speaker),\(baseline)")
    }

    /// A row that is about no window.
    mutating func event(_ status: String, _ start: Double, _ end: Double, _ note: String) {
        let cell = CSVWriter.formulaSafeCell(note)
        lines.append(
            "\(lines.count),\(start.fixed(3)),\(end.fixed(3)),\(Self.wall(end)),\(status),,,,,,,,,,,,,,,"
                + "\((status == "marker" ? 0 : end - start).fixed(3)),\(cell),,,")
    }

    mutating func marker(_ time: Double, _ note: String) { event("marker", time, time, note) }

    var text: String { ([Self.header] + lines).map { $0 + "\r\n" }.joined() }

    func session() throws -> SavedSession {
        let scratch = try Scratch()
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path("a.csv")))
        guard let session = try SavedSession.all(in: RegularFile(scratch.path("a.csv"))).first else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return session
    }

    /// Two speakers with a name that every format has to escape, a pause in the talk, and notes of all kinds.
    static var conversation: MadeUpLog {
        var log = MadeUpLog()
        let anna = "\"An;na <&> \"\"x\"\"\""
        for number in 0..<4 { log.window(Double(number) / 2, "sad", 0.9, speaker: anna) }
        log.marker(4.2, "=say --> \"hi\" <b>&\n\ttwo")
        for number in 4..<7 { log.window(Double(number) / 2, "silence") }
        for number in 7..<10 { log.window(Double(number) / 2, "unsure", 0.4, speaker: "Ben", baseline: "auto") }
        log.window(5, "overlap")
        log.window(5.5, "happy", 0.8, speaker: "Ben", baseline: "auto")
        return log
    }
}
