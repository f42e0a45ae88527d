import EmotionCore
import EmotionNetwork
import EmotionSoundFiles
import EmotionStream

/// What the network makes of a whole recording.
struct ClipReading {
    /// Length of what was read of it.
    var seconds: Double
    var logits: EmotionScores
    var probabilities: EmotionScores
}

/// Reads recordings whole: tiled under 3 s, in one pass up to 13 s, beyond that in consecutive windows of 13 s whose
/// logits are averaged by their length. The pieces of several recordings make a batch for the network. Memory does not
/// grow with the recordings.
final class ClipReader {
    /// Samples that the network reads in one pass, 13 s: where the paper's authors cut.
    static let longest = Clip.maximumSamples
    /// Clips of a batch: as many as the widest kernel takes rows at a time without a remainder.
    private static let clips = 12
    /// Samples of a batch, some 50 s: what its intermediate results take of memory.
    private static let samples = 4 * longest
    /// Recordings that are worth giving to `read` together: two batches of the commonest length, so that lengths can be sorted.
    static let together = 2 * clips

    private let engine: InferenceEngine

    init(engine: InferenceEngine) {
        self.engine = engine
    }

    /// What the network makes of each recording, in their order; whatever the others are, the same to the last bit.
    ///
    /// - Parameter pieces: Gives `take` what is to be read of a recording: consecutive pieces, each of at most 13 s.
    func read<Recording>(
        _ recordings: [Recording], pieces: (Recording, _ take: ([Float]) -> Void) throws -> Void
    ) -> [Result<ClipReading, any Error>] {
        var answers = recordings.map { _ in Answer() }
        var waiting: [Piece] = []
        for (index, recording) in recordings.enumerated() {
            do {
                try pieces(recording) { piece in
                    waiting.append(Piece(recording: index, weight: piece.count, samples: Clip.tile(piece)))
                    if waiting.reduce(0, { $0 + $1.samples.count }) >= 2 * Self.samples { run(&waiting, &answers) }
                }
            } catch {
                answers[index].fault = error
            }
        }
        run(&waiting, &answers)
        return answers.map { answer in Result { try answer.reading() } }
    }

    /// Reads all that waits, pieces of like length together.
    private func run(_ waiting: inout [Piece], _ answers: inout [Answer]) {
        waiting.sort { $0.samples.count > $1.samples.count }
        var rest = waiting[...]
        while let longest = rest.first?.samples.count {
            let batch = rest.prefix(min(Self.clips, max(1, Self.samples / longest)))
            for (piece, result) in zip(batch, engine.run(batch.map(\.samples))) {
                answers[piece.recording].add(result, weight: piece.weight)
            }
            rest = rest.dropFirst(batch.count)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Consecutive pieces of a file.
    static func pieces(of path: String, _ take: ([Float]) throws -> Void) throws {
        let file = try AudioFile(path: path)
        var isEmpty = true
        while case let piece = try file.read(upTo: longest), !piece.isEmpty {
            isEmpty = false
            try take(piece)
        }
        if isEmpty { throw Failure.noSound(path) }
    }

    /// The utterance representation of a recording, which an encoder without a head gives too: the mean over its pieces.
    func embedding(_ path: String) throws -> [Float] {
        var mean = WeightedMean()
        try Self.pieces(of: path) { mean.add(try engine.embed(Clip.tile($0)), weight: $0.count) }
        return mean.values
    }

    /// A clip of a recording.
    private struct Piece {
        let recording: Int
        /// Samples that it has of the recording.
        let weight: Int
        let samples: [Float]
    }

    /// What is known of a recording.
    private struct Answer {
        private var logits = WeightedMean()
        var fault: (any Error)?

        mutating func add(_ result: Result<Prediction, InferenceError>, weight: Int) {
            switch result {
            case .success(let prediction): logits.add(prediction.logits.values, weight: weight)
            case .failure(let error): fault = fault ?? error
            }
        }

        func reading() throws -> ClipReading {
            if let fault { throw fault }
            let mean = EmotionScores { logits.values[$0.index] }
            return ClipReading(
                seconds: AudioFormat.seconds(logits.weight), logits: mean, probabilities: mean.softmax)
        }
    }
}

/// A running weighted mean of vectors.
private struct WeightedMean {
    private var sums: [Double] = []
    private(set) var weight = 0

    var values: [Float] { sums.map { Float($0 / Double(weight)) } }

    mutating func add(_ vector: [Float], weight: Int) {
        if sums.isEmpty { sums = [Double](repeating: 0, count: vector.count) }
        for index in vector.indices { sums[index] += Double(vector[index]) * Double(weight) }
        self.weight += weight
    }
}
