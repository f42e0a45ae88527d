import Glibc

/// What the network says about one clip.
public struct Prediction: Sendable {
    /// The head's outputs, averaged over frames; any real numbers.
    public let logits: EmotionScores
    /// Softmax of the logits: each in 0…1, sum 1.
    public let probabilities: EmotionScores
    /// The most probable emotion.
    public let label: Emotion

    init(logits: EmotionScores) {
        self.logits = logits
        label = logits.greatest
        probabilities = softmax(logits)
    }
}

private func softmax(_ logits: EmotionScores) -> EmotionScores {
    let greatest = logits[logits.greatest]
    var result = EmotionScores()
    for emotion in Emotion.allCases { result[emotion] = expf(logits[emotion] - greatest) }
    let sum = Emotion.allCases.reduce(0) { $0 + result[$1] }
    for emotion in Emotion.allCases { result[emotion] /= sum }
    return result
}
