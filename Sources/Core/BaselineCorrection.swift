/// How far a voice's baseline moves the logits of what it says.
///
///     corrected = logits − K / (K + doubt) · (baseline − usual)
///
/// K counts the windows of 3 s in the baseline, at most 20. It is the empirical Bayes estimate of the voice's own offset
/// (docs/decisions/011-reference-and-ordinary-speech.md): at a doubt of 0.5 one window is believed to two thirds, three
/// to 0.86, 20 to 0.98.
public struct BaselineCorrection: Equatable, Sendable, Codable {
    /// The K at which half of the offset is taken out; above 0.
    public var doubt: Double
    /// The logits of a usual voice's neutral speech.
    public var usual: EmotionScores
    /// The most by which an emotion's logit is moved, above 0: no voice that was measured needs more.
    public var limit: Float = 6

    /// For weights that name none of their own.
    ///
    /// The softmax of `usual` gives neutral 0.67, above the thresholds of both shipped files (0.6 and 0.65): a voice at its
    /// normal reads as neutral, and not as unsure.
    public static let standard = BaselineCorrection(
        doubt: 0.5, usual: EmotionScores(angry: -0.5, happy: -0.5, neutral: 1.6, sad: 0.2))

    /// Seconds of speech that count as one window.
    static let windowSeconds = 3.0
    /// Windows beyond which more speech says nothing more.
    static let mostWindows = 20.0

    /// Creates a correction.
    public init(doubt: Double, usual: EmotionScores) {
        self.doubt = doubt
        self.usual = usual
    }

    /// How far a voice's neutral logits are from a usual voice's: the largest difference of an emotion from the mean
    /// difference.
    public func distance(of baseline: VoiceBaseline) -> Float {
        offset(of: baseline).values.map(abs).max() ?? 0
    }

    /// The logits with the voice's offset taken out; as they are without a baseline.
    public func apply(to logits: EmotionScores, _ baseline: VoiceBaseline?) -> EmotionScores {
        guard let baseline, baseline.seconds > 0 else { return logits }
        let windows = min(baseline.seconds / Self.windowSeconds, Self.mostWindows)
        let share = Float(windows / (windows + doubt))
        let offset = offset(of: baseline)
        return EmotionScores { logits[$0] - min(max(share * offset[$0], -limit), limit) }
    }

    /// The differences of a voice's neutral logits from a usual voice's, less their mean, which a softmax does not see.
    private func offset(of baseline: VoiceBaseline) -> EmotionScores {
        let offset = EmotionScores { baseline.logits[$0] - usual[$0] }
        let mean = offset.values.reduce(0, +) / Float(Emotion.allCases.count)
        return EmotionScores { offset[$0] - mean }
    }
}
