import EmotionCore
import EmotionNetwork

/// Learns how a voice sounds, whatever it says, from 16 kHz samples as they come: its speaker embedding.
///
/// What the voice activity detector calls speech is joined to stretches of 3 s, and each has an embedding. One thread at
/// a time uses a learner.
package final class VoiceLearner {
    /// Samples of a stretch, 3 s.
    private static let stretch = 3 * AudioFormat.sampleRate
    /// Samples of a rest that is a stretch of its own, 1.6 s: what the encoder reads at once. Less says little of a voice.
    private static let leastRest = AudioFormat.samples(1.6)

    private let detector: SileroVAD
    private let encoder: SpeakerEncoder
    /// Samples that are not a whole chunk of the detector yet.
    private var waiting: [Float] = []
    /// Speech that is not a whole stretch yet.
    private var speech: [Float] = []
    /// The embeddings of the stretches, in their order.
    package private(set) var stretches: [SpeakerEmbedding] = []

    /// - Throws: `weights` where the voice activity detector or the speaker encoder is not found or damaged.
    package init() throws(RecognitionError) {
        do {
            detector = try SileroVAD(path: ShippedFiles.path(of: ShippedFiles.voiceActivity))
            encoder = try SpeakerEncoder(path: ShippedFiles.path(of: ShippedFiles.speakerEncoder))
        } catch {
            throw RecognitionError(error)
        }
    }

    /// The voice's embedding: the direction of the mean over the stretches; nil where no speech was heard.
    package var embedding: SpeakerEmbedding? { SpeakerEmbedding(mean: stretches) }

    /// How alike the stretches are: the mean cosine of a stretch and the embedding, 1 for a single stretch; nil where no
    /// speech was heard.
    package var likeness: Float? {
        guard let embedding else { return nil }
        return stretches.reduce(0) { $0 + embedding.cosine(to: $1) } / Float(stretches.count)
    }

    /// Reads samples of one channel, full scale ±1.
    package func add(_ samples: [Float]) {
        waiting += samples
        var start = 0
        while waiting.count - start >= SileroVAD.chunkSize {
            let chunk = waiting[start..<start + SileroVAD.chunkSize]
            if detector.probability(of: chunk.span) >= 0.5 { hear(chunk) }
            start += SileroVAD.chunkSize
        }
        waiting.removeFirst(start)
    }

    /// Reads the rest behind the last whole stretch, if it is 1.6 s or more.
    package func finish() {
        if speech.count >= Self.leastRest { embed() }
        (waiting, speech) = ([], [])
    }

    private func hear(_ chunk: ArraySlice<Float>) {
        speech += chunk
        if speech.count >= Self.stretch { embed() }
    }

    private func embed() {
        if let embedding = encoder.embedding(of: speech) { stretches.append(embedding) }
        speech = []
    }
}
