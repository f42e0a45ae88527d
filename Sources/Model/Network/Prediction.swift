import EmotionCore

/// The output of the network for one clip.
public struct Prediction: Sendable {
    /// The head's outputs, averaged over frames; any real numbers.
    public let logits: EmotionScores

    /// Softmax of the logits: each in 0…1, sum 1.
    public var probabilities: EmotionScores { logits.softmax }

    init(logits: EmotionScores) {
        self.logits = logits
    }
}

/// The output of the network for one clip, with its utterance representation.
public struct EmbeddedPrediction: Sendable {
    /// The head's outputs, averaged over frames; any real numbers.
    public let logits: EmotionScores
    /// The fused sequence averaged over frames: `EmotionModel.embeddingWidth` numbers.
    public let embedding: [Float]
}
