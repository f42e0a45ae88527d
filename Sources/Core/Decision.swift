/// The label of a window or a clip: an emotion, or that none is probable enough.
public enum Decision: Equatable, Hashable, Sendable {
    /// The most probable emotion.
    case emotion(Emotion)
    /// No emotion reaches the threshold.
    case unsure

    /// Decides by the greatest probability.
    ///
    /// - Parameters:
    ///   - probabilities: Each in 0…1, with sum 1.
    ///   - threshold: The least probability of a label, 0…1; with 0 the decision is never `unsure`.
    public init(_ probabilities: EmotionScores, unsureBelow threshold: Double) {
        let emotion = probabilities.argmax
        self = Double(probabilities[emotion]) < threshold ? .unsure : .emotion(emotion)
    }

    /// The emotion; nil for `unsure`.
    public var emotion: Emotion? {
        if case .emotion(let emotion) = self { emotion } else { nil }
    }

    /// The name of the emotion, or `unsure`, as in the log.
    public var word: String { emotion?.rawValue ?? "unsure" }
}
