/// The recordings that a corpus folder holds.
package struct CorpusListing: Equatable, Sendable {
    /// The four-class clips, with paths relative to the folder, sorted by path.
    package private(set) var clips: [LabelledClip] = []
    /// Counts of the recordings left out, by reason.
    package private(set) var leftOut: [String: Int] = [:]
    /// A line for each file whose name does not fit the corpus, and each label without a recording.
    package internal(set) var problems: [String] = []
    private var seen: Set<String> = []

    init() {}

    /// Adds a recording, unless a copy of it was added before.
    mutating func add(_ utterance: Utterance, path: String, corpus: CorpusKind) {
        guard seen.insert(utterance.id).inserted else {
            leftOut["copies", default: 0] += 1
            return
        }
        switch utterance.content {
        case .emotion(let emotion):
            clips.append(
                LabelledClip(path: path, speaker: utterance.speaker, emotion: emotion, corpus: corpus.rawValue))
        case .other(let reason): leftOut[reason, default: 0] += 1
        }
    }

    mutating func sort() {
        clips.sort { $0.path < $1.path }
    }
}
