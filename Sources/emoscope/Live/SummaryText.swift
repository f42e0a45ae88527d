import Model
import Stream

/// The summary of a session as a person reads it.
enum SummaryText {
    static func lines(
        _ session: SessionSnapshot, _ account: Account, _ drift: ClockDrift.Estimate?
    ) -> [String] {
        let summary = session.summary
        let share = session.speechTime / max(session.streamTime, 1e-9)
        var lines = ["\(clock(session.streamTime)) of sound, \(percent(share)) of it speech"]
        let spoken = summary.spokenSeconds
        var shares = Stream.Emotion.allCases.map { ($0.rawValue, summary.seconds[$0] ?? 0) }
        if summary.unsure > 0 { shares.append((Verdict.unsure.word, summary.unsureSeconds)) }
        for (name, seconds) in shares where spoken > 0 {
            let bar = String(repeating: "█", count: Int((seconds / spoken * 30).rounded()))
            lines.append(
                "  " + padded(name, 8) + leading(seconds.fixed(1) + " s", 9)
                    + leading(percent(seconds / spoken), 6) + "  " + bar)
        }
        lines.append(
            "\(summary.windows) windows: \(summary.spoken) speech"
                + (summary.unsure > 0 ? " (\(summary.unsure) of them unsure)" : "") + ", \(summary.silent) silence, "
                + "\(summary.dropped) dropped" + (summary.broken > 0 ? ", \(summary.broken) lost in part" : "")
                + (summary.failed > 0 ? ", \(summary.failed) failed" : ""))
        lines.append(
            "lost \(summary.lostSeconds.fixed(2)) s in \(summary.overruns) overruns"
                + (summary.absences > 0 ? " and \(summary.absences) absences of the microphone" : "")
                + (summary.spoken > 0
                    ? "; inference \(summary.inferenceMean.fixed(0)) ms a window, at most "
                        + "\(summary.inferenceMaximum.fixed(0)) ms, by \(KernelLevel.chosen.rawValue) kernels" : ""))
        lines.append(AccountText.line(account))
        if let drift {
            lines.append(
                "clock: the device runs \(abs(drift.ppm).fixed(0)) ± \(drift.error.fixed(0)) ppm "
                    + (drift.ppm < 0 ? "slow" : "fast"))
        }
        return lines
    }

    /// `1:02:03` or `2:03`, with tenths below a minute.
    static func clock(_ seconds: Double) -> String {
        guard seconds >= 60 else { return seconds.fixed(1) + " s" }
        let whole = Int(seconds)
        let tail = two(whole % 60)
        return whole < 3600 ? "\(whole / 60):\(tail)" : "\(whole / 3600):\(two(whole / 60 % 60)):\(tail)"
    }

    static func percent(_ share: Double) -> String { (share * 100).fixed(0) + " %" }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
