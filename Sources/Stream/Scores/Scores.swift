import Glibc

/// A probability for each emotion. From a network they sum to 1.
public struct Scores: Equatable, Sendable {
    public var angry: Float
    public var happy: Float
    public var neutral: Float
    public var sad: Float

    public init(angry: Float, happy: Float, neutral: Float, sad: Float) {
        self.angry = angry
        self.happy = happy
        self.neutral = neutral
        self.sad = sad
    }

    public subscript(emotion: Emotion) -> Float {
        switch emotion {
        case .angry: angry
        case .happy: happy
        case .neutral: neutral
        case .sad: sad
        }
    }

    /// The scores in the order of `Emotion.allCases`.
    public var values: [Float] { [angry, happy, neutral, sad] }

    /// Scores from four numbers in the order of `Emotion.allCases`.
    public init(values: [Float]) {
        self.init(angry: values[0], happy: values[1], neutral: values[2], sad: values[3])
    }

    /// Read as logits: the probabilities that they stand for.
    public var softmax: Scores {
        let highest = values.max() ?? 0
        let powers = values.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return Scores(values: powers.map { $0 / sum })
    }

    /// The most probable emotion; of equals the first in the order of the columns.
    public var label: Emotion {
        var best = Emotion.angry
        for emotion in Emotion.allCases where self[emotion] > self[best] { best = emotion }
        return best
    }

    /// `self` moved by `share` (0…1) of the way towards `other`.
    func blended(with other: Scores, share: Float) -> Scores {
        Scores(
            angry: angry + share * (other.angry - angry),
            happy: happy + share * (other.happy - happy),
            neutral: neutral + share * (other.neutral - neutral),
            sad: sad + share * (other.sad - sad)
        )
    }
}
