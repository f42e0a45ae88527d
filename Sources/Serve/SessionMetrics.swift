import EmotionCore
import EmotionStream

/// The metrics of a session, from its rows.
struct SessionMetrics {
    private struct WindowKind: Hashable {
        let status: RowStatus
        let channel: Int?
    }

    fileprivate struct Label: Hashable {
        let word: String
        let channel: Int?
        let speaker: String?
    }

    private static let windowStatuses: [RowStatus] = [
        .ok, .silence, .overlap, .dropped, .failed, .overrun, .deviceLost,
    ]

    private let channels: [Int?]
    private var windows: [WindowKind: Int] = [:]
    private var labels: [Label: Int] = [:]
    private var lostSeconds: [RowStatus: Double] = [.overrun: 0, .deviceLost: 0]
    private var droppedSeconds = 0.0
    private var inference = Histogram()
    private var latency = Histogram()
    /// The newest window of each channel.
    private var newest: [Int?: Row] = [:]

    /// - Parameter channels: Number of channels with windows of their own.
    init(channels: Int) {
        self.channels = channels > 1 ? (1...channels).map { $0 } : [nil]
    }

    mutating func add(_ row: Row) {
        guard row.isWindow else {
            // Both channels of a split session lose the same stretch.
            if row.channel ?? 1 == 1, lostSeconds[row.status] != nil {
                lostSeconds[row.status, default: 0] += row.missingSeconds
            }
            return
        }
        windows[WindowKind(status: row.status, channel: row.channel), default: 0] += 1
        newest[row.channel] = row
        if row.status == .dropped { droppedSeconds += row.missingSeconds }
        if let word = row.smoothedDecision?.word {
            labels[Label(word: word, channel: row.channel, speaker: row.speaker), default: 0] += 1
        }
        if let milliseconds = row.inference { inference.add(milliseconds / 1000) }
        if let milliseconds = row.latency { latency.add(milliseconds / 1000) }
    }

    func write(to text: inout PrometheusText) {
        writeCounters(to: &text)
        inference.write("emoscope_inference_seconds", "Time that the network took for a window.", to: &text)
        latency.write(
            "emoscope_latency_seconds", "Time from the last sample of a window to its result.", to: &text)
        writeNewest(to: &text)
    }

    private func writeCounters(to text: inout PrometheusText) {
        text.metric("emoscope_windows_total", "counter", "Windows by the status of their rows.")
        for channel in channels {
            for status in Self.windowStatuses {
                text.sample(
                    "emoscope_windows_total", ["status": status.rawValue, "channel": channel.map { String($0) }],
                    Double(windows[WindowKind(status: status, channel: channel)] ?? 0))
            }
        }
        text.metric("emoscope_labels_total", "counter", "Windows by their smoothed label.")
        for (label, count) in labels.sorted(by: { $0.key < $1.key }) {
            text.sample(
                "emoscope_labels_total",
                ["label": label.word, "channel": label.channel.map { String($0) }, "speaker": label.speaker],
                Double(count))
        }
        text.metric("emoscope_lost_seconds_total", "counter", "Seconds of sound that were lost, by cause.")
        for cause in [RowStatus.overrun, .deviceLost] {
            text.sample("emoscope_lost_seconds_total", ["cause": cause.rawValue], lostSeconds[cause] ?? 0)
        }
        text.metric(
            "emoscope_dropped_seconds_total", "counter", "Seconds without scores, because inference fell behind.")
        text.sample("emoscope_dropped_seconds_total", [:], droppedSeconds)
    }

    /// Writes what the newest window of each channel says. A window without scores has no probabilities.
    private func writeNewest(to text: inout PrometheusText) {
        let rows = channels.compactMap { newest[$0] }
        text.metric("emoscope_level_dbfs", "gauge", "Level of the newest window.")
        for row in rows {
            guard let level = row.level else { continue }
            text.sample("emoscope_level_dbfs", ["channel": row.channel.map { String($0) }], Double(level))
        }
        text.metric("emoscope_speech_ratio", "gauge", "Share of the newest window that is speech.")
        for row in rows {
            guard let speech = row.speech else { continue }
            text.sample("emoscope_speech_ratio", ["channel": row.channel.map { String($0) }], Double(speech))
        }
        let kinds: [(name: String, help: String, scores: (Row) -> EmotionScores?)] = [
            ("emoscope_probability", "Probabilities of the newest window; none where it has no scores.", \.scores),
            ("emoscope_smoothed_probability", "The same, smoothed.", \.smoothed),
        ]
        for kind in kinds {
            text.metric(kind.name, "gauge", kind.help)
            for row in rows where row.status == .ok {
                guard let scores = kind.scores(row) else { continue }
                for emotion in Emotion.allCases {
                    text.sample(
                        kind.name,
                        [
                            "emotion": emotion.rawValue, "channel": row.channel.map { String($0) },
                            "speaker": row.speaker,
                        ], Double(scores[emotion]))
                }
            }
        }
    }
}

extension SessionMetrics.Label: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        (left.word, left.channel ?? 0, left.speaker ?? "") < (right.word, right.channel ?? 0, right.speaker ?? "")
    }
}
