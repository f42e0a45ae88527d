import Glibc

/// A number for each emotion: probabilities (each in 0…1, sum 1) or logits (any real numbers).
public struct EmotionScores: Equatable, Sendable, Codable {
    public var angry: Float
    public var happy: Float
    public var neutral: Float
    public var sad: Float

    /// Creates scores from four numbers, each 0 by default.
    public init(angry: Float = 0, happy: Float = 0, neutral: Float = 0, sad: Float = 0) {
        self.angry = angry
        self.happy = happy
        self.neutral = neutral
        self.sad = sad
    }

    /// Creates scores by calling `score` for each emotion.
    public init(_ score: (Emotion) throws -> Float) rethrows {
        self.init(
            angry: try score(.angry), happy: try score(.happy), neutral: try score(.neutral), sad: try score(.sad))
    }

    /// Accesses the number of an emotion.
    public subscript(emotion: Emotion) -> Float {
        get {
            switch emotion {
            case .angry: angry
            case .happy: happy
            case .neutral: neutral
            case .sad: sad
            }
        }
        set {
            switch emotion {
            case .angry: angry = newValue
            case .happy: happy = newValue
            case .neutral: neutral = newValue
            case .sad: sad = newValue
            }
        }
    }

    /// The four numbers in the order of `Emotion.allCases`.
    public var values: [Float] { [angry, happy, neutral, sad] }

    /// Whether all four numbers are finite.
    public var isFinite: Bool { angry.isFinite && happy.isFinite && neutral.isFinite && sad.isFinite }

    /// The emotion with the greatest number; of several, the first in the order of `Emotion.allCases`.
    public var argmax: Emotion {
        var best = Emotion.angry
        for emotion in Emotion.allCases where self[emotion] > self[best] { best = emotion }
        return best
    }

    /// The softmax of these numbers, as logits: the exponential of each over the sum of the four.
    public var softmax: EmotionScores {
        let greatest = self[argmax]
        let powers = EmotionScores { exp(self[$0] - greatest) }
        let sum = powers.angry + powers.happy + powers.neutral + powers.sad
        return EmotionScores { powers[$0] / sum }
    }

    /// The scores moved towards `other` by `share` (0…1) of the difference.
    public func blended(with other: EmotionScores, share: Float) -> EmotionScores {
        EmotionScores { self[$0] + share * (other[$0] - self[$0]) }
    }
}
