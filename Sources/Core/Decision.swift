/// What the probabilities of a window or a clip are read as.
public enum Decision: Equatable, Hashable, Sendable {
    case emotion(Emotion)
    /// No emotion is probable enough to be named.
    case unsure

    /// Reads probabilities.
    ///
    /// - Parameters:
    ///   - probabilities: Each in 0…1, sum 1.
    ///   - threshold: The probability, 0…1, below which the likeliest emotion is not named; 0 names it always.
    public init(_ probabilities: EmotionScores, unsureBelow threshold: Double) {
        let likeliest = probabilities.argmax
        self = Double(probabilities[likeliest]) < threshold ? .unsure : .emotion(likeliest)
    }

    /// The emotion that is named; nil for `unsure`.
    public var emotion: Emotion? {
        if case .emotion(let emotion) = self { emotion } else { nil }
    }

    /// The word of the log's cells: the emotion's name, or `unsure`.
    public var word: String { emotion?.rawValue ?? "unsure" }
}
