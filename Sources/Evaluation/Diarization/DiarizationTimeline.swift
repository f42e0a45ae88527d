/// The scored time of a recording, cut where a turn or a collar begins or ends.
struct DiarizationTimeline {
    /// A piece of time in which the same speakers speak throughout, as indices of the speakers, ascending.
    struct Piece {
        let length: Double
        let reference: [Int]
        let hypothesis: [Int]
    }

    let referenceSpeakers: [String]
    let hypothesisSpeakers: [String]
    private(set) var pieces: [Piece] = []

    init(reference: [SpeakerTurn], hypothesis: [SpeakerTurn], collar: Double) {
        precondition(collar >= 0)
        let (truth, found) = (reference.joined(), hypothesis.joined())
        referenceSpeakers = truth.keys.sorted()
        hypothesisSpeakers = found.keys.sorted()
        var edges: [Edge] = []
        for (index, speaker) in referenceSpeakers.enumerated() {
            for turn in truth[speaker] ?? [] {
                edges += Edge.pair(turn, .reference(index))
                guard collar > 0 else { continue }
                for boundary in [turn.lowerBound, turn.upperBound] {
                    edges += Edge.pair(boundary - collar..<boundary + collar, .collar)
                }
            }
        }
        for (index, speaker) in hypothesisSpeakers.enumerated() {
            for turn in found[speaker] ?? [] { edges += Edge.pair(turn, .hypothesis(index)) }
        }
        edges.sort { $0.time < $1.time }
        sweep(edges)
    }

    /// The true speaker of each found speaker, as indices: the one-to-one mapping with the most time in common; nil for
    /// a found speaker without one.
    func mapping(of pieces: [Piece]) -> [Int?] {
        var common = [[Double]](
            repeating: [Double](repeating: 0, count: referenceSpeakers.count), count: hypothesisSpeakers.count)
        for piece in pieces {
            for found in piece.hypothesis {
                for truth in piece.reference { common[found][truth] += piece.length }
            }
        }
        return assignment(maximising: common).enumerated().map { found, truth in
            truth.flatMap { common[found][$0] > 0 ? $0 : nil }
        }
    }

    /// The beginning or the end of a turn or collar.
    private struct Edge {
        enum Kind {
            case reference(Int)
            case hypothesis(Int)
            case collar
        }

        let time: Double
        let kind: Kind
        let isBeginning: Bool

        static func pair(_ range: Range<Double>, _ kind: Kind) -> [Edge] {
            [
                Edge(time: range.lowerBound, kind: kind, isBeginning: true),
                Edge(time: range.upperBound, kind: kind, isBeginning: false),
            ]
        }
    }

    /// Makes a piece of the time between two edges, if somebody speaks and no collar covers it.
    private mutating func sweep(_ edges: [Edge]) {
        var (truth, found) = (Set<Int>(), Set<Int>())
        var collars = 0
        var time = -Double.infinity
        for edge in edges {
            if edge.time > time, collars == 0, !truth.isEmpty || !found.isEmpty {
                pieces.append(
                    Piece(length: edge.time - time, reference: truth.sorted(), hypothesis: found.sorted()))
            }
            time = edge.time
            switch (edge.kind, edge.isBeginning) {
            case (.reference(let speaker), true): truth.insert(speaker)
            case (.reference(let speaker), false): truth.remove(speaker)
            case (.hypothesis(let speaker), true): found.insert(speaker)
            case (.hypothesis(let speaker), false): found.remove(speaker)
            case (.collar, let isBeginning): collars += isBeginning ? 1 : -1
            }
        }
    }
}
