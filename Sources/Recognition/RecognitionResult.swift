import EmotionCore

/// The output of the network for one recording.
public struct RecognitionResult: Equatable, Sendable {
    /// The length of the recording in seconds.
    public let seconds: Double
    /// The network's four outputs before softmax, any real numbers; for a recording beyond 13 s, their mean over its
    /// pieces, weighted by length.
    public let logits: EmotionScores
    /// The utterance representation, a vector for tasks of your own: the fused sequence averaged over frames, 192
    /// numbers with the shipped weights and 512 in the paper's configuration; for a recording beyond 13 s, its mean
    /// over the pieces, weighted by length.
    public let representation: [Float]
    /// The voice's baseline that the scores are corrected by; nil for none.
    public let baseline: VoiceBaseline?
    /// The probability, 0…1, below which `decision` names no emotion; it comes from the weights.
    public let unsureBelow: Double

    private let correction: BaselineCorrection

    /// The probability of each emotion: softmax of the logits, less the voice's own offset where its baseline is known; each
    /// in 0…1, sum 1.
    public var scores: EmotionScores { correction.apply(to: logits, baseline).softmax }

    /// The likeliest emotion, however improbable.
    public var label: Emotion { scores.argmax }

    /// The likeliest emotion, or `unsure` where its probability is below `unsureBelow`.
    public var decision: Decision { Decision(scores, unsureBelow: unsureBelow) }

    package init(
        seconds: Double, logits: EmotionScores, representation: [Float], baseline: VoiceBaseline?,
        correction: BaselineCorrection, unsureBelow: Double
    ) {
        self.baseline = baseline
        self.correction = correction
        self.seconds = seconds
        self.logits = logits
        self.representation = representation
        self.unsureBelow = unsureBelow
    }
}
