import Capture
import Model
import Stream

/// What the network makes of a whole recording.
struct ClipReading {
    /// Length of the recording.
    var seconds: Double
    var logits: Scores
    var probabilities: Scores
    /// The utterance representation.
    var embedding: [Float]
}

/// Reads recordings whole: tiled under 3 s, in one pass up to 13 s, beyond that in consecutive windows of 13 s whose
/// logits and representations are averaged by their length. Memory does not grow with the recording.
final class ClipReader {
    /// Samples that the network reads in one pass, 13 s: where the paper's authors cut.
    static let longest = Clip.maximumSamples

    private let engine: InferenceEngine

    init(engine: InferenceEngine) {
        self.engine = engine
    }

    /// - Parameter prepare: Changes each piece before the network reads it.
    func read(_ path: String, prepare: ([Float]) throws -> [Float] = { $0 }) throws -> ClipReading {
        var logits = WeightedMean()
        let (embedding, count) = try average(path) { piece, weight in
            var embedding: [Float] = []
            let prediction = try engine.run(Clip.tile(prepare(piece)), embedding: &embedding)
            logits.add(Scores(prediction.logits).values, weight: weight)
            return embedding
        }
        let mean = Scores(values: logits.values)
        return ClipReading(
            seconds: AudioFormat.seconds(count), logits: mean, probabilities: mean.softmax, embedding: embedding)
    }

    /// The utterance representation alone, which an encoder without a head gives too.
    func embedding(_ path: String) throws -> [Float] {
        try average(path) { piece, _ in try engine.embed(Clip.tile(piece)) }.mean
    }

    /// The mean of `body`'s vectors over consecutive pieces of the file, weighted by their length.
    private func average(
        _ path: String, _ body: (_ piece: [Float], _ weight: Int) throws -> [Float]
    ) throws -> (mean: [Float], samples: Int) {
        let file = try AudioFile(path: path)
        var mean = WeightedMean()
        while true {
            let piece = try file.read(upTo: Self.longest)
            guard !piece.isEmpty else { break }
            mean.add(try body(piece, piece.count), weight: piece.count)
        }
        guard mean.weight > 0 else { throw Failure(.runTime, "\"\(path)\" holds no sound; give a recording that does") }
        return (mean.values, mean.weight)
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
