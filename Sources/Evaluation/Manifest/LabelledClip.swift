import EmotionCore

/// A recording of one speaker in one emotion.
package struct LabelledClip: Equatable, Sendable {
    package var path: String
    package var speaker: String
    package var emotion: Emotion
    package var corpus: String

    package init(path: String, speaker: String, emotion: Emotion, corpus: String) {
        self.path = path
        self.speaker = speaker
        self.emotion = emotion
        self.corpus = corpus
    }
}
