import EmotionCore

/// Figures of all clips, of each corpus, and of each speaker within a corpus.
public struct GroupedMetrics: Equatable, Sendable {
    public private(set) var all = ClassificationMetrics()
    /// By corpus.
    public private(set) var corpora: [String: ClassificationMetrics] = [:]
    /// By corpus, then speaker: two corpora may both have a speaker 03.
    public private(set) var speakers: [String: [String: ClassificationMetrics]] = [:]

    public init() {}

    /// Counts the answer to a clip; probabilities as in ``ClassificationMetrics``.
    public mutating func add(_ clip: LabelledClip, probabilities: EmotionScores) {
        all.add(truth: clip.emotion, probabilities: probabilities)
        corpora[clip.corpus, default: ClassificationMetrics()].add(truth: clip.emotion, probabilities: probabilities)
        speakers[clip.corpus, default: [:]][clip.speaker, default: ClassificationMetrics()]
            .add(truth: clip.emotion, probabilities: probabilities)
    }
}
