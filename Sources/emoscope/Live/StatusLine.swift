import EmotionCore
import EmotionLive
import EmotionStream
import Glibc

/// A display without a dashboard: one line on standard error, if that is a terminal, rewritten whenever it changes.
final class StatusLine: SessionDisplay {
    private let isShown: Bool
    private var last = ""

    init(isQuiet: Bool) {
        isShown = !isQuiet && Console.errorIsTerminal
    }

    func wait(milliseconds: Int) -> SessionAction? {
        poll(nil, 0, Int32(milliseconds))
        return nil
    }

    func show(_ state: SessionState) {
        guard isShown else { return }
        let session = state.session
        var parts = [SummaryText.clock(session.streamTime.rounded(.down))]
        for (index, channel) in session.channels.enumerated() {
            var part = "\(Double(channel.level).decibelText) dBFS"
            if let row = channel.lastWindow {
                part += " · " + (row.speaker.map { "\(printable($0)): " } ?? "") + Self.decision(row)
            }
            if let trouble = state.trouble(of: channel) {
                part += " · \(trouble.rawValue)"
            }
            parts.append(session.channels.count > 1 ? "\(index + 1): \(part)" : part)
        }
        if case .on(let file, let rows, _) = state.log { parts.append("\(rows) rows in \(file)") }
        let dropped = session.channels.reduce(0) { $0 + $1.summary.dropped }
        if dropped > 0 { parts.append("\(dropped) dropped") }
        if let message = state.message { parts.append(message) }
        let line = parts.joined(separator: " · ")
        if line != last { Console.status(line) }
        last = line
    }

    private static func decision(_ row: Row) -> String {
        guard let scores = row.smoothed, let decision = row.smoothedDecision else { return "no speech" }
        return
            (decision == .unsure ? "unsure: " : "")
            + "\(scores.argmax.rawValue) \(SummaryText.percent(Double(scores[scores.argmax])))"
    }

    func close() {
        if isShown { Console.status("") }
    }
}
