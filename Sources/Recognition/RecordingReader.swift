import EmotionCore
import EmotionNetwork
import EmotionSoundFiles

/// Reads whole recordings: tiled under 3 s, in one pass up to 13 s, beyond that in consecutive pieces of 13 s whose
/// logits are averaged by their length. The pieces of several recordings make a batch for the network. Memory does not
/// grow with the recordings. One thread at a time uses a reader.
final class RecordingReader {
    /// Clips of a batch: as many as the widest kernel takes rows at a time without a remainder.
    private static let batchClips = 12
    /// Samples of a batch, some 50 s: what its intermediate results take of memory.
    private static let batchSamples = 4 * Clip.maximumSamples
    /// Recordings that are worth giving to `read` at once: two batches of the commonest length, so that lengths can be sorted.
    static let recordings = 2 * batchClips

    private let engine: InferenceEngine

    init(engine: InferenceEngine) {
        self.engine = engine
    }

    /// What the network makes of each recording, in their order; the same to the last bit whatever the others are.
    ///
    /// - Parameters:
    ///   - baseline: Of the voice in all of them; nil for none.
    ///   - pieces: Hands `take` what is to be read of a recording: consecutive pieces of 16 kHz samples, each of at
    ///     most 13 s.
    func read<Recording>(
        _ recordings: [Recording], baseline: VoiceBaseline?,
        pieces: (Recording, _ take: ([Float]) -> Void) throws -> Void
    ) -> [Result<RecognitionResult, any Error>] {
        var answers = recordings.map { _ in Answer() }
        var waiting: [Piece] = []
        for (index, recording) in recordings.enumerated() {
            do {
                try pieces(recording) { piece in
                    waiting.append(Piece(recording: index, weight: piece.count, samples: Clip.tile(piece)))
                    let samples = waiting.reduce(0) { $0 + $1.samples.count }
                    if samples >= 2 * Self.batchSamples { run(&waiting, &answers) }
                }
            } catch {
                answers[index].fault = error
            }
        }
        run(&waiting, &answers)
        return answers.map { answer in Result { try answer.result(engine.model.configuration, baseline) } }
    }

    /// Reads all that waits, pieces of like length together.
    private func run(_ waiting: inout [Piece], _ answers: inout [Answer]) {
        waiting.sort { $0.samples.count > $1.samples.count }
        var rest = waiting[...]
        while let longest = rest.first?.samples.count {
            let batch = rest.prefix(min(Self.batchClips, max(1, Self.batchSamples / longest)))
            for (piece, result) in zip(batch, engine.run(batch.map(\.samples))) {
                answers[piece.recording].add(result, weight: piece.weight)
            }
            rest = rest.dropFirst(batch.count)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Hands `take` consecutive pieces of a file, of at most 13 s each.
    static func pieces(of path: String, _ take: ([Float]) throws -> Void) throws {
        let file = try AudioFile(path: path)
        var isEmpty = true
        while case let piece = try file.read(upTo: Clip.maximumSamples), !piece.isEmpty {
            isEmpty = false
            try take(piece)
        }
        if isEmpty { throw RecognitionError.noSound(in: path) }
    }

    /// The representation of a file, which an encoder without a head gives too: the mean over its pieces.
    func representation(of path: String) throws -> [Float] {
        var mean = WeightedMean()
        try Self.pieces(of: path) { mean.add(try engine.embed(Clip.tile($0)), weight: $0.count) }
        return mean.values
    }

    /// The representation of 16 kHz samples.
    func representation(of samples: [Float]) throws -> [Float] {
        var mean = WeightedMean()
        try Self.pieces(of: samples) { mean.add(try engine.embed(Clip.tile($0)), weight: $0.count) }
        return mean.values
    }

    /// Hands `take` consecutive pieces of 16 kHz samples, of at most 13 s each.
    static func pieces(of samples: [Float], _ take: ([Float]) throws -> Void) rethrows {
        for start in stride(from: 0, to: samples.count, by: Clip.maximumSamples) {
            try take(Array(samples[start..<min(start + Clip.maximumSamples, samples.count)]))
        }
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
        private var representation = WeightedMean()
        var fault: (any Error)?

        mutating func add(_ result: Result<EmbeddedPrediction, InferenceError>, weight: Int) {
            switch result {
            case .success(let prediction):
                logits.add(prediction.logits.values, weight: weight)
                representation.add(prediction.embedding, weight: weight)
            case .failure(let error): fault = fault ?? error
            }
        }

        func result(_ configuration: ModelConfiguration, _ baseline: VoiceBaseline?) throws -> RecognitionResult {
            if let fault { throw fault }
            let mean = logits.values
            return RecognitionResult(
                seconds: AudioFormat.seconds(logits.weight), logits: EmotionScores { mean[$0.index] },
                representation: representation.values, baseline: baseline, correction: configuration.correction,
                unsureBelow: configuration.unsure)
        }
    }
}
