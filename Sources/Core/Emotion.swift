/// An emotion that the network distinguishes; `allCases` is in alphabetical order, as are the columns of the log.
public enum Emotion: String, CaseIterable, Sendable {
    case angry, happy, neutral, sad

    /// The index in `allCases`, 0…3.
    public var index: Int {
        switch self {
        case .angry: 0
        case .happy: 1
        case .neutral: 2
        case .sad: 3
        }
    }
}
