import EmotionCore
import Glibc

/// The embedding of a whole clip, as Resemblyzer computes it after it has cut out silence.
extension SpeakerEncoder {
    /// Frames between the starts of two partial utterances: 1.3 a second.
    static let partialStep = 77
    /// The share of the last partial utterance that the clip must cover, unless there is no other.
    static let leastCoverage = 0.75

    /// The embedding of a clip of one voice: the direction of the mean over its partial utterances of 1.6 s.
    ///
    /// - Parameter samples: 16 kHz, full scale ±1, of any length; a clip below -30 dBFS is raised to it.
    /// - Returns: nil where there are no samples, or one is not finite.
    package func embedding(of samples: Span<Float>) -> SpeakerEmbedding? {
        guard !samples.isEmpty else { return nil }
        var squares = 0.0
        for index in 0..<samples.count { squares += Double(samples[index]) * Double(samples[index]) }
        let gain = Self.energyGain(meanSquare: squares / Double(samples.count))
        let arena = Arena()
        let spectra = MelSpectra(
            size: Self.frameSize, hop: Self.hop, bands: Self.bands, scale: .slaney)
        let signal = arena.matrix(1, (Self.partialFrames - 1) * Self.hop + Self.frameSize)
        let frames = arena.matrix(Self.partialFrames, Self.bands)
        var embeddings: [SpeakerEmbedding] = []
        for start in Self.partialStarts(samples: samples.count) {
            // The first frame is centred at the partial utterance's first sample; zeros lie beyond the clip's ends.
            let first = start * Self.hop - Self.frameSize / 2
            for index in 0..<signal.columns {
                let place = first + index
                signal[0, index] = place >= 0 && place < samples.count ? samples[place] : 0
            }
            spectra.compute(signal.view, into: frames, in: arena)
            frames.scale(by: gain)
            guard let embedding = embedding(of: frames.view, in: arena) else { return nil }
            embeddings.append(embedding)
        }
        return SpeakerEmbedding(mean: embeddings)
    }

    /// Calls `embedding` on an array.
    package func embedding(of samples: [Float]) -> SpeakerEmbedding? { embedding(of: samples.span) }

    /// The first frames of the partial utterances of a clip.
    static func partialStarts(samples: Int) -> [Int] {
        let frames = (samples + hop) / hop
        let starts = Array(stride(from: 0, to: max(1, frames - partialFrames + partialStep + 1), by: partialStep))
        let last = starts[starts.count - 1]
        let coverage = Double(samples - last * hop) / Double(partialFrames * hop)
        return coverage < leastCoverage && starts.count > 1 ? starts.dropLast() : starts
    }
}
