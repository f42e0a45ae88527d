import EmotionCore

/// The metrics of all clips, of each corpus, and of each speaker within a corpus.
package struct GroupedMetrics: Equatable, Sendable {
    package private(set) var all = ClassificationMetrics()
    /// The metrics by corpus.
    package private(set) var corpora: [String: ClassificationMetrics] = [:]
    /// The metrics by corpus, then by speaker: two corpora may both have a speaker 03.
    package private(set) var speakers: [String: [String: ClassificationMetrics]] = [:]

    package init() {}

    /// Counts the prediction for a clip, as ``ClassificationMetrics`` does.
    package mutating func add(_ clip: LabelledClip, probabilities: EmotionScores) {
        all.add(truth: clip.emotion, probabilities: probabilities)
        corpora[clip.corpus, default: ClassificationMetrics()].add(truth: clip.emotion, probabilities: probabilities)
        speakers[clip.corpus, default: [:]][clip.speaker, default: ClassificationMetrics()]
            .add(truth: clip.emotion, probabilities: probabilities)
    }

    /// Counts a clip that was its voice's reference, and is in no figure but `enrolled`.
    package mutating func addReference(_ clip: LabelledClip) {
        all.addReference()
        corpora[clip.corpus, default: ClassificationMetrics()].addReference()
        speakers[clip.corpus, default: [:]][clip.speaker, default: ClassificationMetrics()].addReference()
    }

    /// Counts a clip in which nobody speaks, and is in no figure but `silent`.
    package mutating func addSilent(_ clip: LabelledClip) {
        all.addSilent()
        corpora[clip.corpus, default: ClassificationMetrics()].addSilent()
        speakers[clip.corpus, default: [:]][clip.speaker, default: ClassificationMetrics()].addSilent()
    }
}
