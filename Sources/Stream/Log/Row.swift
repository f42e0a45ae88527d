import EmotionCore

/// The kind of a row of the log.
public enum RowStatus: String, CaseIterable, Sendable {
    /// A window of speech, with its scores.
    case ok
    /// A window without enough speech: no emotion is named.
    case silence
    /// A window whose newest speech is of two speakers at once: no emotion is named.
    case overlap
    /// A window that was skipped because inference had fallen behind.
    case dropped
    /// Samples lost between the device and the stream; or a window with such a loss and too little speech in the rest.
    case overrun
    /// The time that the device was away; or a window with such a loss and too little speech in the rest.
    case deviceLost = "device-lost"
    /// A moment that the user or the session marked.
    case marker
    /// Another microphone is heard from here on; the note names it.
    case source
    /// The baseline of a voice changed, or was to be taken; the note says how.
    case baseline
    /// A window that the network could not read; the note says why.
    case failed
    /// Rows that could not be written to the log; the note says how many and why.
    case unlogged
    /// Sound that could not be saved with `--save-audio`; the note says how much and why.
    case unsaved
}

/// One row of the log: a window, a loss, a marker, or a failure to write. A value that does not apply is nil.
public struct Row: Equatable, Sendable {
    /// Number of the row in the session, from 0.
    public internal(set) var sequence = 0
    /// Start and end in seconds of the stream, computed from sample indices.
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
    /// The decisions on `scores` and on `smoothed`.
    public internal(set) var decision: Decision?
    public internal(set) var smoothedDecision: Decision?
    /// Milliseconds of inference.
    public internal(set) var inference: Double?
    /// Milliseconds from the arrival of the window's last sample in the stream to the window's result.
    public internal(set) var latency: Double?
    /// Seconds of sound without scores: those of a loss, or the hop of a dropped window.
    public internal(set) var missingSeconds: Double = 0
    public internal(set) var note = ""
    /// Channel of a split session, from 1; nil where the row is about the whole session, or the session is not split.
    public internal(set) var channel: Int?
    /// Name of the speaker whose speech the window's scores are of; nil where speakers are not told apart or the row is
    /// about no speaker.
    public internal(set) var speaker: String?

    /// Number of the voice that the row is about, or `unknownVoice`; nil where speakers are not told apart, or the row
    /// is about no voice.
    package var voice: Int?
    /// Stands for the number of whoever speaks in a window where no voice is known yet.
    static let unknownVoice = -1
    /// Seconds of that voice's speech that the window adds to what was heard before.
    var newSpeech = 0.0
    /// The user's action that the row is about; it takes effect when the row is written.
    var action: StreamAction?
    /// The voices that the action made one.
    var merger: VoiceMerger?

    /// Whether the row is about a window, rather than a loss or a marker.
    public var isWindow: Bool { level != nil }

    init(start: Double, end: Double, wallEnd: WallTime, status: RowStatus) {
        self.start = start
        self.end = end
        self.wallEnd = wallEnd
        self.status = status
    }
}
