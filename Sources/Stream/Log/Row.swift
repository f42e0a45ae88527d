import EmotionCore

/// What a row of the log reports.
public enum RowStatus: String, CaseIterable, Sendable {
    /// A window of speech, with its scores.
    case ok
    /// A window without enough speech: no emotion is named.
    case silence
    /// A window that was skipped because inference had fallen behind.
    case dropped
    /// Samples lost between the device and the stream; or a window that would be silence, if that part of it had been
    /// heard.
    case overrun
    /// The device was away: the stretch, or a window that would be silence but for it.
    case deviceLost = "device-lost"
    /// A moment that the user or the session marked.
    case marker
    /// The baseline of a voice changed, or was to be taken; the note says how.
    case baseline
    /// A window that the network could not read; the note says why.
    case failed
    /// Rows that could not be written, and stand in no log; the note says how many and why.
    case unlogged
    /// Sound that could not be saved with `--save-audio`; the note says how much and why.
    case unsaved
}

/// One row of the log: a window, a loss or a marker. What does not apply is nil.
public struct Row: Equatable, Sendable {
    /// Number of the row in the session, from 0.
    public internal(set) var sequence = 0
    /// Seconds of the stream, from sample indices.
    public let start: Double
    public let end: Double
    /// The wall clock at `end`.
    public let wallEnd: WallTime
    public internal(set) var status: RowStatus
    /// Share of the window (0…1) that is speech.
    public internal(set) var speech: Float?
    /// Level of the window, dBFS.
    public internal(set) var level: Float?
    /// The network's outputs, any real numbers.
    public internal(set) var logits: EmotionScores?
    /// The baseline that the scores were corrected by.
    public internal(set) var baseline: BaselineState?
    /// Probabilities: each in 0…1, sum 1.
    public internal(set) var scores: EmotionScores?
    public internal(set) var smoothed: EmotionScores?
    /// What `scores` and `smoothed` are read as.
    public internal(set) var decision: Decision?
    public internal(set) var smoothedDecision: Decision?
    /// Milliseconds that the network took.
    public internal(set) var inference: Double?
    /// Milliseconds from the window's last sample reaching the stream to its scores.
    public internal(set) var latency: Double?
    /// Seconds of sound that no window's scores tell of: lost on the way, or in a window that was dropped.
    public internal(set) var missingSeconds: Double = 0
    public internal(set) var note = ""
    /// Which channel of a split session the row is about, from 1; nil where it is about the session, or not split.
    public internal(set) var channel: Int?

    /// Whether the row is about a window, rather than a loss or a marker.
    public var isWindow: Bool { level != nil }

    init(start: Double, end: Double, wallEnd: WallTime, status: RowStatus) {
        self.start = start
        self.end = end
        self.wallEnd = wallEnd
        self.status = status
    }
}
