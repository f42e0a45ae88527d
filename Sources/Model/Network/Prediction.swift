import Glibc

/// What the network says about one clip.
public struct Prediction: Sendable {
    /// The head's outputs, averaged over frames; any real numbers.
    public let logits: EmotionScores
    /// Softmax of the logits: each in 0…1, sum 1.
    public let probabilities: EmotionScores
    /// The most probable emotion.
    public let label: Emotion
    /// The fused sequence averaged over frames, the utterance representation that the paper offers for downstream tasks:
    /// d numbers (512 in the paper's configuration).
    public let embedding: [Float]

    init(logits: EmotionScores, embedding: [Float]) {
        self.logits = logits
        self.embedding = embedding
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
