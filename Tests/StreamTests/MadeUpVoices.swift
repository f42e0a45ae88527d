import EmotionCore

@testable import EmotionStream

/// Voices that are told apart by their samples: those of voice v have the magnitude 0.2 · (v + 1), a pause nearly none.
enum MadeUpVoices {
    static let chunk = 512

    /// Sound of one voice, or of nobody.
    static func talk(_ voice: Int?, _ seconds: Double) -> [Float] {
        [Float](repeating: level(voice), count: AudioFormat.samples(seconds))
    }

    /// Sound of two voices, each of which has every other sample.
    static func both(_ first: Int, _ second: Int, _ seconds: Double) -> [Float] {
        (0..<AudioFormat.samples(seconds)).map { level($0 % 2 == 0 ? first : second) }
    }

    private static func level(_ voice: Int?) -> Float { voice.map { 0.2 * Float($0 + 1) } ?? 0.001 }

    /// The voice that a sample is of; nil in a pause.
    static func voice(of sample: Float) -> Int? { isSpeech([sample]) ? Int((abs(sample) / 0.2).rounded()) - 1 : nil }

    static func isSpeech(_ chunk: [Float]) -> Bool { chunk.contains { abs($0) > 0.1 } }

    /// The embedding along one of 256 axes.
    static func axis(_ index: Int) -> SpeakerEmbedding? {
        SpeakerEmbedding((0..<SpeakerEmbedding.width).map { $0 == index ? 1 : 0 })
    }

    /// The direction of a voice that resembles another one, though not enough to be taken for it.
    static func alike(_ other: Int, _ voice: Int) -> [Float] {
        (0..<SpeakerEmbedding.width).map { $0 == other ? 0.5 : $0 == voice ? 0.866 : 0 }
    }

    /// Embeddings that are the mean of the voices' directions, by their samples. Voice v is along axis v.
    ///
    /// - Parameters:
    ///   - directions: The directions of voices that lie otherwise.
    ///   - odd: Embeddings that take the place of those with these numbers, from 0.
    static func embedder(directions: [Int: [Float]] = [:], odd: [Int: SpeakerEmbedding] = [:]) -> SpeakerEmbedder {
        let heard = Locked<(samples: [Float], count: Int)>(([], 0))
        return SpeakerEmbedder(
            append: { samples in heard.withLock { $0.samples += samples } },
            embedding: { stretches in
                heard.withLock { heard in
                    defer { heard.count += 1 }
                    if let odd = odd[heard.count] { return odd }
                    var sum = [Float](repeating: 0, count: SpeakerEmbedding.width)
                    for sample in stretches.flatMap({ heard.samples[$0] }) {
                        guard let voice = voice(of: sample) else { continue }
                        let direction = directions[voice] ?? []
                        for index in direction.indices { sum[index] += direction[index] }
                        if direction.isEmpty { sum[voice] += 1 }
                    }
                    return SpeakerEmbedding(sum)
                }
            }, reset: { heard.withLock { $0.samples = [] } })
    }

    /// A speaker who is known by the direction of a voice.
    static func known(_ name: String, _ voice: Int, logits: EmotionScores = EmotionScores()) -> KnownSpeaker {
        KnownSpeaker(name: name, embedding: axis(voice), baseline: VoiceBaseline(logits: logits, seconds: 20))
    }
}
