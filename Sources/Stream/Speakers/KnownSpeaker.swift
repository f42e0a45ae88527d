import EmotionCore

/// A speaker whose voice is known before the session begins.
package struct KnownSpeaker: Equatable, Sendable {
    /// The name, which `SpeakerName` takes. No two speakers of a session have the same.
    package let name: String
    /// How the voice sounds, whatever it says; nil where only its baseline is known.
    package let embedding: SpeakerEmbedding?
    /// How the voice sounds when it is neutral.
    package let baseline: VoiceBaseline

    package init(name: String, embedding: SpeakerEmbedding?, baseline: VoiceBaseline) {
        self.name = name
        self.embedding = embedding
        self.baseline = baseline
    }
}
