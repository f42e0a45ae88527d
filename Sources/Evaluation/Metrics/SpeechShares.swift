import EmotionCore

/// How often windows of ordinary speech are read as each emotion, as unsure and as silence.
package struct SpeechShares: Equatable, Sendable {
    /// Recordings with at least one window.
    package private(set) var recordings = 0
    /// Recordings that are too short for a window behind their reference.
    package private(set) var leftOut = 0
    /// Windows without speech.
    private var silent = 0
    /// Windows with speech, by what is shown of them.
    private var spoken: [Decision: Int] = [:]

    package init() {}

    /// Counts a window.
    ///
    /// - Parameter decision: nil for silence.
    package mutating func add(_ decision: Decision?) {
        if let decision { spoken[decision, default: 0] += 1 } else { silent += 1 }
    }

    /// Counts the end of a recording, whose windows were counted before.
    ///
    /// - Parameter isLeftOut: Whether it was too short for a window.
    package mutating func endRecording(isLeftOut: Bool) {
        if isLeftOut { leftOut += 1 } else { recordings += 1 }
    }

    /// Counts all that `other` has counted.
    package mutating func add(_ other: SpeechShares) {
        recordings += other.recordings
        leftOut += other.leftOut
        silent += other.silent
        spoken.merge(other.spoken, uniquingKeysWith: +)
    }

    /// Windows that were counted.
    package var windows: Int { silent + spokenWindows }

    /// The share of all windows that are read so, 0…1; nil without a window.
    ///
    /// - Parameter decision: nil for silence.
    package func share(_ decision: Decision?) -> Double? {
        guard windows > 0 else { return nil }
        return Double(decision.map { spoken[$0] ?? 0 } ?? silent) / Double(windows)
    }

    /// The share of the windows with speech that are read as neutral or as unsure, 0…1; nil without such a window.
    package var neutralOrUnsure: Double? {
        guard spokenWindows > 0 else { return nil }
        return Double((spoken[.emotion(.neutral)] ?? 0) + (spoken[.unsure] ?? 0)) / Double(spokenWindows)
    }

    private var spokenWindows: Int { spoken.values.reduce(0, +) }
}

/// The shares of all recordings and of each corpus.
package struct GroupedShares: Equatable, Sendable {
    package private(set) var all = SpeechShares()
    package private(set) var corpora: [String: SpeechShares] = [:]

    package init() {}

    /// Counts what was read of a recording.
    package mutating func add(_ shares: SpeechShares, corpus: String) {
        all.add(shares)
        corpora[corpus, default: SpeechShares()].add(shares)
    }
}
