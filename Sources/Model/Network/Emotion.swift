/// The four emotions that the network tells apart, in alphabetical order.
public enum Emotion: String, CaseIterable, Sendable {
    case angry, happy, neutral, sad
}

/// A number for each emotion.
public struct EmotionScores: Sendable, Equatable {
    private var scores: (Float, Float, Float, Float) = (0, 0, 0, 0)

    /// Zero for each.
    public init() {}

    public subscript(emotion: Emotion) -> Float {
        get {
            switch emotion {
            case .angry: scores.0
            case .happy: scores.1
            case .neutral: scores.2
            case .sad: scores.3
            }
        }
        set {
            switch emotion {
            case .angry: scores.0 = newValue
            case .happy: scores.1 = newValue
            case .neutral: scores.2 = newValue
            case .sad: scores.3 = newValue
            }
        }
    }

    /// The emotion with the greatest number; the first in alphabetical order where several are equal.
    public var greatest: Emotion {
        Emotion.allCases.reduce(.angry) { self[$1] > self[$0] ? $1 : $0 }
    }

    public static func == (a: EmotionScores, b: EmotionScores) -> Bool {
        a.scores == b.scores
    }
}
