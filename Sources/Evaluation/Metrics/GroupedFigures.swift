/// Figures of all clips, of each corpus, and of each speaker within a corpus.
public struct GroupedFigures: Equatable, Sendable {
    public private(set) var all = Figures()
    /// By corpus.
    public private(set) var corpora: [String: Figures] = [:]
    /// By corpus, then speaker: two corpora may both have a speaker 03.
    public private(set) var speakers: [String: [String: Figures]] = [:]

    public init() {}

    /// Counts the answer to a clip; probabilities as in ``Figures``.
    public mutating func add(_ clip: LabelledClip, probabilities: [Double]) {
        all.add(truth: clip.emotion, probabilities: probabilities)
        corpora[clip.corpus, default: Figures()].add(truth: clip.emotion, probabilities: probabilities)
        speakers[clip.corpus, default: [:]][clip.speaker, default: Figures()]
            .add(truth: clip.emotion, probabilities: probabilities)
    }
}
