import EmotionCore

/// The output of the network for one recording.
public struct RecognitionResult: Equatable, Sendable {
    /// The length of the recording in seconds.
    public let seconds: Double
    /// The share of the recording, 0…1, that is speech; nil where the recognizer does not use voice activity.
    public let speech: Double?
    /// What was wrong with the recording, and what was done about it.
    public let warnings: [SoundWarning]
    /// The network's four outputs before softmax, any real numbers; for a recording beyond 13 s, their mean over its
    /// pieces, weighted by the length that was read. Nil for silence.
    public let logits: EmotionScores?
    /// The utterance representation, a vector for tasks of your own: the fused sequence averaged over frames, 192
    /// numbers with the shipped weights and 512 in the paper's configuration; for a recording beyond 13 s, its mean
    /// over the pieces, weighted by length. Nil for silence.
    public let representation: [Float]?
    /// The voice's baseline that the scores are corrected by; nil for none.
    public let baseline: VoiceBaseline?
    /// The probability, 0…1, below which `decision` names no emotion; it comes from the weights.
    public let unsureBelow: Double

    private let correction: BaselineCorrection

    /// The probability of each emotion: softmax of the logits, less the voice's own offset where its baseline is known; each
    /// in 0…1, sum 1. Nil for silence.
    public var scores: EmotionScores? { logits.map { correction.apply(to: $0, baseline).softmax } }

    /// Whether nobody speaks in the recording, so that no emotion is named.
    public var isSilence: Bool { logits == nil }

    /// The likeliest emotion, however improbable; nil for silence.
    public var label: Emotion? { scores?.argmax }

    /// The likeliest emotion, or `unsure` where its probability is below `unsureBelow`; nil for silence.
    public var decision: Decision? { scores.map { Decision($0, unsureBelow: unsureBelow) } }

    package init(
        seconds: Double, speech: Double?, warnings: [SoundWarning], logits: EmotionScores?, representation: [Float]?,
        baseline: VoiceBaseline?, correction: BaselineCorrection, unsureBelow: Double
    ) {
        self.baseline = baseline
        self.correction = correction
        self.seconds = seconds
        self.speech = speech
        self.warnings = warnings
        self.logits = logits
        self.representation = representation
        self.unsureBelow = unsureBelow
    }
}
