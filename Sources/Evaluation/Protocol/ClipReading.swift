import EmotionCore

/// A speaker of a corpus: two corpora may both have a speaker 03.
package struct Voice: Hashable, Sendable {
    package let corpus: String
    package let speaker: String

    package init(of clip: LabelledClip) {
        corpus = clip.corpus
        speaker = clip.speaker
    }
}

/// What the network says about a labelled clip, before anything is known of its voice.
package struct ClipReading: Sendable {
    package let clip: LabelledClip
    /// The network's outputs before softmax; all finite.
    package let logits: EmotionScores
    /// Seconds of speech that the logits stand for, above 0.
    package let seconds: Double

    package init(clip: LabelledClip, logits: EmotionScores, seconds: Double) {
        self.clip = clip
        self.logits = logits
        self.seconds = seconds
    }
}
