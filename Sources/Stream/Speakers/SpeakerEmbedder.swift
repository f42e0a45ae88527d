import EmotionCore

/// The speaker embeddings of one stream of samples.
///
/// All members are used on the session's queue only. Sample indices count from the last reset.
package struct SpeakerEmbedder: Sendable {
    /// Takes the next samples.
    let append: @Sendable ([Float]) -> Void
    /// The embedding of the newest 1.6 s of stretches of the stream, ascending; nil where there is none.
    let embedding: @Sendable ([Range<Int>]) -> SpeakerEmbedding?
    /// Begins another stream.
    let reset: @Sendable () -> Void

    package init(
        append: @escaping @Sendable ([Float]) -> Void,
        embedding: @escaping @Sendable ([Range<Int>]) -> SpeakerEmbedding?, reset: @escaping @Sendable () -> Void
    ) {
        self.append = append
        self.embedding = embedding
        self.reset = reset
    }
}
