import EmotionCore
import EmotionLive
import EmotionNetwork
import EmotionStream

/// The summary of a session as text.
enum SummaryText {
    /// - Parameters:
    ///   - accounts: The sample accounting of each channel.
    ///   - precision: The arithmetic of the network.
    static func lines(_ state: SessionState, _ accounts: [AccountingReport], _ precision: Precision) -> [String] {
        let session = state.session
        let length = "\(clock(session.streamTime)) of sound"
        let isSplit = session.channels.count > 1
        var lines = isSplit ? ["\(length) on \(session.channels.count) channels"] : []
        for (index, channel) in session.channels.enumerated() {
            let share = percent(channel.speechTime / max(session.streamTime, 1e-9))
            lines.append(isSplit ? "channel \(index + 1), \(share) of it speech" : "\(length), \(share) of it speech")
            lines += channel.speakers.isEmpty ? bars(channel.summary.emotions) : speakers(channel.speakers)
            lines.append(windows(channel.summary))
            if isSplit { lines.append(AccountingText.line(accounts[index])) }
        }
        lines.append(losses(session, precision))
        if !isSplit { lines += accounts.map(AccountingText.line) }
        if let drift = state.drift {
            lines.append(
                "clock: the device runs \(abs(drift.ppm).fixed(0)) ± \(drift.error.fixed(0)) ppm "
                    + (drift.ppm < 0 ? "slow" : "fast"))
        }
        return lines
    }

    /// Each speaker who spoke, with his talk time and his emotions.
    private static func speakers(_ speakers: [SpeakerSnapshot]) -> [String] {
        let total = speakers.reduce(0) { $0 + $1.talkTime }
        return speakers.filter { $0.talkTime > 0 }.flatMap { speaker in
            ["\(speaker.name) talked \(clock(speaker.talkTime)), \(percent(speaker.talkTime / total)) of the speech"]
                + bars(speaker.emotions)
        }
    }

    /// A bar for each emotion, as long as its share of the speech.
    private static func bars(_ emotions: EmotionTotals) -> [String] {
        let spoken = emotions.spokenSeconds
        guard spoken > 0 else { return [] }
        var shares = Emotion.allCases.map { ($0.rawValue, emotions.seconds[$0] ?? 0) }
        if emotions.unsure > 0 { shares.append((Decision.unsure.word, emotions.unsureSeconds)) }
        return shares.map { name, seconds in
            let bar = String(repeating: "█", count: Int((seconds / spoken * 30).rounded()))
            return "  " + padded(name, 8) + leading(seconds.fixed(1) + " s", 9) + leading(percent(seconds / spoken), 6)
                + "  " + bar
        }
    }

    /// The numbers of windows by outcome; an unusual outcome is named only where there is one.
    static func windows(_ summary: SessionSummary) -> String {
        "\(summary.windows) windows: \(summary.spoken) speech"
            + (summary.emotions.unsure > 0 ? " (\(summary.emotions.unsure) of them unsure)" : "")
            + ", \(summary.silent) silence"
            + (summary.overlapped > 0 ? ", \(summary.overlapped) of two at once" : "")
            + ", \(summary.dropped) dropped" + (summary.broken > 0 ? ", \(summary.broken) lost in part" : "")
            + (summary.failed > 0 ? ", \(summary.failed) failed" : "")
    }

    /// The line about the losses, which are the same in all channels, and about the inference of all windows.
    private static func losses(_ session: SessionSnapshot, _ precision: Precision) -> String {
        let summaries = session.channels.map(\.summary)
        let spoken = summaries.reduce(0) { $0 + $1.spoken }
        let total = summaries.reduce(0) { $0 + $1.inferenceTotal }
        let most = summaries.map(\.inferenceMaximum).max() ?? 0
        let away = session.summary.disconnections
        return "lost \(session.summary.lostSeconds.fixed(2)) s in \(session.summary.overruns) overruns"
            + (away > 0 ? " and \(away) disconnection\(away == 1 ? "" : "s") of the microphone" : "")
            + (spoken > 0
                ? "; inference \((total / Double(spoken)).fixed(0)) ms a window, at most \(most.fixed(0)) ms, "
                    + "by \(BackEnd.chosen.computing(precision).name) kernels" : "")
    }

    /// Formats seconds as `1:02:03` or `2:03`, or as `42.5 s` below a minute.
    static func clock(_ seconds: Double) -> String {
        seconds >= 60 ? Int(seconds).clockText : seconds.fixed(1) + " s"
    }

    static func percent(_ share: Double) -> String { (share * 100).fixed(0) + " %" }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
