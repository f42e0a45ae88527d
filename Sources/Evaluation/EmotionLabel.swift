/// The emotions that clips are labelled with and that the network tells apart, in alphabetical order.
public enum EmotionLabel: String, CaseIterable, Sendable {
    case angry, happy, neutral, sad

    /// Place among all labels: the row and column of a confusion matrix.
    public var index: Int {
        switch self {
        case .angry: 0
        case .happy: 1
        case .neutral: 2
        case .sad: 3
        }
    }
}
