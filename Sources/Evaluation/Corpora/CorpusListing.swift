/// The recordings that a corpus folder holds.
public struct CorpusListing: Equatable, Sendable {
    /// The four-class clips; paths relative to the folder, in their order.
    public private(set) var clips: [LabelledClip] = []
    /// Recordings left out, by why.
    public private(set) var leftOut: [String: Int] = [:]
    /// A line for each file that the corpus's naming has no place for, and each label without its recording.
    public internal(set) var problems: [String] = []
    private var seen: Set<String> = []

    init() {}

    /// Adds a recording; a second copy of one that is there already is left out.
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
