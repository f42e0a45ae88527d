import EmotionCore

/// A recording of one speaker in one emotion.
public struct LabelledClip: Equatable, Sendable {
    public var path: String
    public var speaker: String
    public var emotion: Emotion
    public var corpus: String

    public init(path: String, speaker: String, emotion: Emotion, corpus: String) {
        self.path = path
        self.speaker = speaker
        self.emotion = emotion
        self.corpus = corpus
    }
}
