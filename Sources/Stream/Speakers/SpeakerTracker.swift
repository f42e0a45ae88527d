import EmotionCore

/// Tells the voices on one channel apart while the sound goes on.
///
/// It counts in chunks of the voice activity detector, so that its results depend on the samples alone. Every quarter
/// second with speech, the embedding of the newest second of speech is compared with the voices that are known. The
/// answer is about the middle of that second: what is older is decided for good, and what is newer counts for the voice
/// that spoke last. A voice is new if two answers in a row, which resemble one another, are far from every voice that is
/// known. Decision 016 has the measurements.
package struct SpeakerTracker {
    /// Seconds of speech that an embedding is of, of the first one at least, and between two of them.
    private static let (span, leastSpan, step) = (1.0, 0.6, 0.25)
    /// Embeddings in a row that make a voice a new one.
    private static let needed = 2
    /// The cosine from which two such embeddings are of one voice.
    private static let agreement: Float = 0.7
    /// How much better another voice has to fit than the one that speaks.
    private static let stickiness: Float = 0.05
    /// The score that speech needs to be learned, and how much better it has to fit than any other voice.
    private static let (learnedFrom, learnedMargin): (Float, Float) = (0.5, 0.05)
    /// Scores of two voices that are closer than this may be of both at once, if each is above the other number.
    private static let (ambiguity, sharedFrom): (Float, Float) = (0.06, 0.55)
    /// Such embeddings in a row that are more than a change of turn.
    private static let ambiguousFrom = 3

    /// A chunk of speech.
    private struct Chunk {
        /// Sample index of its start in the source.
        let start: Int
        /// Nil until it is decided.
        var voice: Int?
        var isShared = false
    }

    private let chunk: Int
    private let limit: Int
    /// The score below which a voice is none of those that are known.
    private let newBelow: Float
    private let embedder: SpeakerEmbedder
    private var clusters: VoiceClusters
    /// Chunks of the source so far, and samples of it back to which `stretches` may be asked.
    private var count = 0
    private let history: Int

    /// The recent chunks of speech, oldest first; `dropped` came before them.
    private var speech: [Chunk] = []
    private var dropped = 0
    /// Chunks of speech in the source that are decided.
    private var decided = 0
    /// Chunks of speech when the newest embedding was made.
    private var read = 0
    /// Embeddings that no known voice fits, the chunks of speech before each, oldest first.
    private var strangers: [(count: Int, embedding: SpeakerEmbedding)] = []
    /// Embeddings that wait to be learned: what is learned lies further back than the newest embedding, so that a change of
    /// turn is noticed before its first second is learned.
    private var lessons: [(count: Int, voice: Int, embedding: SpeakerEmbedding)] = []
    /// The chunks of speech before each of the newest ambiguous embeddings in a row.
    private var ambiguous: [Int] = []

    /// The voice that spoke last; nil before the first one.
    package private(set) var current: Int?
    /// Samples of speech of each voice.
    private var spoken: [Int: Int] = [:]

    /// - Parameters:
    ///   - chunk: Samples in a chunk.
    ///   - history: Samples back to which `stretches` may be asked.
    package init(
        _ count: SpeakerCount, known: [KnownSpeaker], chunk: Int, history: Int, embedder: SpeakerEmbedder
    ) {
        self.chunk = chunk
        self.history = history
        self.embedder = embedder
        limit = count.most
        // Who says how many there are is believed sooner that another voice is another speaker.
        newBelow = count == .automatic ? 0.6 : 0.62
        clusters = VoiceClusters(known: known)
    }

    /// Takes the next chunk of the source.
    package mutating func append(_ samples: [Float], isSpeech: Bool) {
        embedder.append(samples)
        if isSpeech { speech.append(Chunk(start: count * chunk)) }
        count += 1
        if count % chunks(Self.step) == 0 { look() }
        if count % 1000 == 0 { forget() }
    }

    /// The voices, in the order of their numbers: those that were heard, and those that were known beforehand.
    package var voices: [(number: Int, name: String, seconds: Double)] {
        clusters.numbers.map { ($0, clusters.name(of: $0), AudioFormat.seconds(spoken[$0] ?? 0)) }
    }

    package func name(of voice: Int) -> String { clusters.name(of: voice) }

    /// The voice that speaks now: there was speech in the last quarter second.
    package var speaking: Int? {
        guard let newest = speech.last, count * chunk - newest.start <= chunks(Self.step) * chunk else { return nil }
        return current
    }

    /// The stretches of speech inside a range of the source, with their voices, ascending; whole chunks, adjacent ones of
    /// one voice joined. The newest second may still be given to another voice.
    package func stretches(in range: Range<Int>) -> [SpeakerStretch] {
        var stretches: [SpeakerStretch] = []
        for item in speech where item.start >= range.lowerBound && item.start + chunk <= range.upperBound {
            // Whoever may be new has no name yet.
            let voice = item.voice ?? (strangers.isEmpty ? current : nil)
            let end = item.start + chunk
            if let last = stretches.last, last.range.upperBound == item.start, last.voice == voice,
                last.isShared == item.isShared
            {
                stretches[stretches.count - 1].range = last.range.lowerBound..<end
            } else {
                stretches.append(SpeakerStretch(range: item.start..<end, voice: voice, isShared: item.isShared))
            }
        }
        return stretches
    }

    /// Gives a voice another name.
    ///
    /// - Returns: Its number; nil where there is no such voice, or another voice has the name.
    mutating func rename(_ name: String, to new: String) -> Int? {
        guard let voice = clusters.voice(named: name), clusters.voice(named: new) == nil else { return nil }
        clusters.rename(voice, new)
        return voice
    }

    /// Makes one voice of two: the first one's speech is the second one's from now on.
    ///
    /// - Returns: nil where there are no such two voices.
    mutating func merge(_ name: String, into other: String) -> VoiceMerger? {
        guard let merged = clusters.voice(named: name), let kept = clusters.voice(named: other), merged != kept else {
            return nil
        }
        clusters.merge(merged, into: kept)
        spoken[kept, default: 0] += spoken.removeValue(forKey: merged) ?? 0
        for index in speech.indices where speech[index].voice == merged { speech[index].voice = kept }
        for index in lessons.indices where lessons[index].voice == merged { lessons[index].voice = kept }
        if current == merged { current = kept }
        return VoiceMerger(merged: merged, kept: kept)
    }

    /// Decides on what is left of the source.
    package mutating func finish() {
        if let current { decide(until: total, current) }
    }

    /// Begins another source with the voices that are known.
    mutating func beginSource() {
        finish()
        embedder.reset()
        (count, dropped, decided, read) = (0, 0, 0, 0)
        (speech, strangers, lessons, ambiguous) = ([], [], [], [])
    }

    // MARK: The newest second

    /// Chunks of speech in the source so far.
    private var total: Int { dropped + speech.count }

    private func chunks(_ seconds: Double) -> Int {
        Int((Double(AudioFormat.samples(seconds)) / Double(chunk)).rounded())
    }

    /// Reads the newest second of speech, if there is more of it than before.
    private mutating func look() {
        guard total > read else { return }
        read = total
        guard total >= chunks(Self.leastSpan),
            let embedding = embedder.embedding(newest(chunks(Self.span)))
        else { return }
        learn()
        let scores = clusters.scores(of: embedding)
        guard let best = scores.first else {
            current = clusters.add([embedding])
            return
        }
        if best.score < newBelow, scores.count < limit {
            meetStranger(embedding)
        } else {
            strangers = []
            recognise(best, scores, embedding)
        }
    }

    /// The newest chunks of speech as ranges of samples.
    private func newest(_ count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for item in speech.suffix(count) {
            if let last = ranges.last, last.upperBound == item.start {
                ranges[ranges.count - 1] = last.lowerBound..<item.start + chunk
            } else {
                ranges.append(item.start..<item.start + chunk)
            }
        }
        return ranges
    }

    /// The middle of an embedding, in chunks of speech.
    private func middle(of end: Int) -> Int { max(0, end - chunks(Self.span) / 2) }

    private mutating func meetStranger(_ embedding: SpeakerEmbedding) {
        strangers.append((total, embedding))
        // The first one says since when, the newest ones whether they are a voice.
        if strangers.count > Self.needed + 1 { strangers.remove(at: 1) }
        ambiguous = []
        let newest = strangers.suffix(Self.needed)
        guard newest.count == Self.needed, let first = newest.first, let last = newest.last,
            first.embedding.cosine(to: last.embedding) > Self.agreement
        else { return }
        // What the strangers were heard in until now is older than the new voice.
        if let current { decide(until: middle(of: strangers[0].count) - chunks(Self.step), current) }
        current = clusters.add(newest.map(\.embedding))
        strangers = []
        lessons = []
        decide(until: middle(of: total), current)
    }

    private mutating func recognise(
        _ best: (voice: Int, score: Float), _ scores: [(voice: Int, score: Float)], _ embedding: SpeakerEmbedding
    ) {
        func score(of voice: Int) -> Float { scores.first { $0.voice == voice }?.score ?? 0 }
        var voice = best.voice
        if let current, current != best.voice {
            if best.score > score(of: current) + Self.stickiness {
                let start = total - chunks(Self.span)
                lessons.removeAll { $0.count > start }
            } else {
                voice = current
            }
        }
        noteAmbiguity(scores)
        decide(until: middle(of: total), voice)
        current = voice
        let score = score(of: voice)
        let next = scores.first { $0.voice != voice }?.score
        if score > Self.learnedFrom, next.map({ score - $0 > Self.learnedMargin }) ?? true {
            lessons.append((total, voice, embedding))
        }
    }

    /// Marks the speech between the middles of ambiguous embeddings in a row as speech of two at once.
    private mutating func noteAmbiguity(_ scores: [(voice: Int, score: Float)]) {
        guard scores.count > 1, scores[0].score - scores[1].score < Self.ambiguity, scores[1].score > Self.sharedFrom,
            clusters.isEstablished(scores[0].voice), clusters.isEstablished(scores[1].voice)
        else {
            ambiguous = []
            return
        }
        ambiguous.append(total)
        guard ambiguous.count >= Self.ambiguousFrom else { return }
        for index in max(dropped, middle(of: ambiguous[0]))..<middle(of: total) {
            speech[index - dropped].isShared = true
        }
    }

    /// Gives what is not decided, up to an index in chunks of speech, to a voice.
    private mutating func decide(until end: Int, _ voice: Int?) {
        guard let voice, end > decided else { return }
        for index in decided..<end { speech[index - dropped].voice = voice }
        spoken[voice, default: 0] += (end - decided) * chunk
        decided = end
    }

    private mutating func learn() {
        while let lesson = lessons.first, lesson.count <= total - chunks(Self.span) {
            clusters.learn(lesson.embedding, as: lesson.voice)
            lessons.removeFirst()
        }
    }

    /// Drops chunks that neither `stretches` nor an embedding can need. Those that are not decided by then are nobody's.
    private mutating func forget() {
        let oldest = count * chunk - history
        let surplus = min(speech.prefix { $0.start < oldest }.count, max(0, speech.count - chunks(Self.span)))
        speech.removeFirst(surplus)
        dropped += surplus
        decided = max(decided, dropped)
    }
}

/// Two voices that were one speaker's, by their numbers.
struct VoiceMerger: Equatable {
    let merged: Int
    let kept: Int
    /// Whether they were also two when the recording paused.
    var isOfPause = false
}

/// A stretch of speech.
package struct SpeakerStretch: Equatable, Sendable {
    /// Samples from the beginning of the source.
    package var range: Range<Int>
    /// The number of the voice; nil where it is not known yet.
    package var voice: Int?
    /// Whether two may have spoken at once.
    package var isShared = false
}
