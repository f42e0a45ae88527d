import EmotionCore

/// The voices that a session has told apart, each as the mean of the embeddings of its speech.
///
/// An embedding's score with a voice is its mean cosine with the embeddings that the voice has learned. Of one voice, it
/// does not depend on how much was learned; the cosine with the direction of their mean would.
struct VoiceClusters {
    /// A voice; its index is its number in the session.
    private struct Voice {
        var name: String
        /// The sum of the embeddings, and their weight.
        var sum: [Float]
        var weight: Float

        /// The mean cosine of an embedding with those of the voice.
        func score(of embedding: SpeakerEmbedding) -> Float {
            var sum: Float = 0
            for index in self.sum.indices { sum += self.sum[index] * embedding[index] }
            return sum / weight
        }

        mutating func learn(_ embedding: SpeakerEmbedding) {
            for index in sum.indices { sum[index] += embedding[index] }
            weight += 1
            if weight > VoiceClusters.memory {
                let share = VoiceClusters.memory / weight
                for index in sum.indices { sum[index] *= share }
                weight = VoiceClusters.memory
            }
        }
    }

    /// Embeddings beyond which a voice forgets, so that it can follow how its speaker sounds.
    private static let memory: Float = 60
    /// Embeddings from which a voice is established.
    private static let established: Float = 4
    /// The embeddings that a profile counts as.
    private static let profileWeight: Float = 20
    /// The mean cosine of two embeddings of 1 s of one voice is the square of this.
    private static let coherence: Float = 0.85

    /// Voices by their number; nil for one that was merged into another.
    private var voices: [Voice?] = []
    /// Every name that a voice has or had. A letter is never given twice: the rows before a voice got another name, or
    /// was merged, still have its letter.
    private var names: Set<String>

    init(known: [KnownSpeaker]) {
        names = Set(known.map(\.name))
        voices = known.map { speaker in
            let values = speaker.embedding?.values ?? []
            let scale = Self.profileWeight * Self.coherence
            return Voice(name: speaker.name, sum: values.map { $0 * scale }, weight: Self.profileWeight)
        }
    }

    /// The numbers of the voices, ascending.
    var numbers: [Int] { voices.indices.filter { voices[$0] != nil } }

    func name(of voice: Int) -> String { voices[voice]?.name ?? "" }

    func voice(named name: String) -> Int? { voices.firstIndex { $0?.name == name } }

    /// The scores of an embedding with the voices, greatest first.
    func scores(of embedding: SpeakerEmbedding) -> [(voice: Int, score: Float)] {
        voices.enumerated().compactMap { number, voice in voice.map { (number, $0.score(of: embedding)) } }
            .sorted { ($1.score, $0.voice) < ($0.score, $1.voice) }
    }

    /// Adds a voice that sounds like embeddings, with the next free letter for a name.
    ///
    /// - Returns: Its number.
    mutating func add(_ embeddings: [SpeakerEmbedding]) -> Int {
        let letter = (0...).lazy.map { SpeakerName(index: $0).description }.first { !names.contains($0) } ?? ""
        names.insert(letter)
        voices.append(Voice(name: letter, sum: [Float](repeating: 0, count: SpeakerEmbedding.width), weight: 0))
        for embedding in embeddings { learn(embedding, as: voices.count - 1) }
        return voices.count - 1
    }

    /// Whether enough was learned of a voice to say what is not it.
    func isEstablished(_ voice: Int) -> Bool { voices[voice].map { $0.weight >= Self.established } ?? false }

    mutating func learn(_ embedding: SpeakerEmbedding, as number: Int) {
        voices[number]?.learn(embedding)
    }

    mutating func rename(_ voice: Int, _ name: String) {
        voices[voice]?.name = name
        names.insert(name)
    }

    /// Makes one voice of two.
    mutating func merge(_ voice: Int, into other: Int) {
        guard voice != other, let merged = voices[voice], var kept = voices[other] else { return }
        for index in kept.sum.indices { kept.sum[index] += merged.sum[index] }
        kept.weight += merged.weight
        voices[other] = kept
        voices[voice] = nil
    }
}
