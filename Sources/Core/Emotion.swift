/// An emotion that CA-SER tells apart; `allCases` is alphabetical, which is the order of the log's columns.
public enum Emotion: String, CaseIterable, Codable, Sendable {
    case angry, happy, neutral, sad

    /// The place in `allCases`, 0…3.
    public var index: Int {
        switch self {
        case .angry: 0
        case .happy: 1
        case .neutral: 2
        case .sad: 3
        }
    }
}
