/// What scores are read as.
public enum Verdict: Equatable, Sendable {
    case emotion(Emotion)
    /// No emotion is probable enough to be named.
    case unsure

    /// The word of the log's cells.
    public var word: String {
        switch self {
        case .emotion(let emotion): emotion.rawValue
        case .unsure: "unsure"
        }
    }
}

extension Scores {
    /// The most probable emotion, or `unsure` where its probability is below `threshold`; 0 is never unsure.
    public func verdict(unsureBelow threshold: Double) -> Verdict {
        Double(self[label]) < threshold ? .unsure : .emotion(label)
    }
}
