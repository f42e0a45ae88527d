import EmotionCore

/// The utterance representation of a recording or of samples, for tasks of your own.
public struct RecordingRepresentation: Equatable, Sendable {
    /// The length of the recording in seconds.
    public let seconds: Double
    /// The share of the recording, 0…1, that is speech; nil where the recognizer does not use voice activity.
    public let speech: Double?
    /// What was wrong with the recording, and what was done about it.
    public let warnings: [SoundWarning]
    /// ``EmotionRecognizer/representationWidth`` numbers: the fused sequence averaged over frames; without a head, the
    /// encoder's output averaged over frames. Nil for silence.
    public let vector: [Float]?
}
