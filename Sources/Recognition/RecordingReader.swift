import EmotionCore
import EmotionNetwork
import EmotionSoundFiles

/// A reader of whole recordings: tiled under 3 s, in one pass up to 13 s, and beyond that in consecutive pieces of 13 s
/// whose logits are averaged, weighted by length.
///
/// Where voice activity is used, a piece without speech is left out, and where one is mostly pause only its speech is
/// read; a recording without speech is silence. Pieces of several recordings form a batch for the network. Memory does not
/// grow with the recordings. One thread at a time may use a reader.
final class RecordingReader {
    /// The maximum number of clips in a batch, whose BiLSTM steps then fill two tiles of the fp32 kernel for AVX2 (6
    /// rows each), or one of that for AVX-512 (at most 14 rows).
    private static let batchClips = 12
    /// The maximum number of samples in a batch, some 50 s, which bounds the memory of its intermediate results.
    private static let batchSamples = 4 * Clip.maximumSamples
    /// The number of recordings to pass to `read` at once: two batches, so that clips of similar length can be grouped.
    static let recordings = 2 * batchClips

    private let engine: InferenceEngine
    private let usesVoiceActivity: Bool
    /// Finds the speech; made when it is first needed.
    private var speech: RecordingSpeech?

    init(engine: InferenceEngine, usesVoiceActivity: Bool) {
        self.engine = engine
        self.usesVoiceActivity = usesVoiceActivity
    }

    /// Finds the speech of another recording; nil where voice activity is not used.
    private func beginSpeech() throws -> RecordingSpeech? {
        guard usesVoiceActivity else { return nil }
        let finder = try speech ?? RecordingSpeech()
        speech = finder
        finder.begin()
        return finder
    }

    /// Computes the result of each recording, in order. A result does not depend on the other recordings, to the last
    /// bit.
    ///
    /// - Parameters:
    ///   - baseline: The baseline of the voice in all recordings; nil for none.
    ///   - pieces: A function that calls `take` with consecutive pieces of a recording: 16 kHz samples, each piece of
    ///     at most 13 s; it returns what was wrong with the recording.
    func read<Recording>(
        _ recordings: [Recording], baseline: VoiceBaseline?,
        pieces: (Recording, _ take: ([Float]) -> Void) throws -> [SoundWarning]
    ) -> [Result<RecognitionResult, any Error>] {
        guard engine.model.hasHead else { return recordings.map { _ in .failure(InferenceError.noHead) } }
        var answers = recordings.map { _ in Answer() }
        var waiting: [Piece] = []
        for (index, recording) in recordings.enumerated() {
            do {
                let speech = try beginSpeech()
                answers[index].warnings = try pieces(recording) { piece in
                    answers[index].samples += piece.count
                    let read = speech?.read(piece) ?? piece
                    guard !read.isEmpty else { return }
                    waiting.append(Piece(recording: index, weight: read.count, samples: Clip.tile(read)))
                    let samples = waiting.reduce(0) { $0 + $1.samples.count }
                    if samples >= 2 * Self.batchSamples { run(&waiting, &answers) }
                }
                answers[index].speech = speech?.share
            } catch {
                answers[index].fault = error
            }
        }
        run(&waiting, &answers)
        return answers.map { answer in Result { try answer.result(engine.model.configuration, baseline) } }
    }

    /// Runs the network on all waiting pieces, with pieces of similar length in a batch.
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

    /// Reads a file and calls `take` with consecutive pieces of at most 13 s each.
    ///
    /// - Returns: What was wrong with the file.
    static func pieces(
        of path: String, raw: RawFormat? = nil, _ take: ([Float]) throws -> Void
    ) throws -> [SoundWarning] {
        let file = try AudioFile(path: path, raw: raw)
        var isEmpty = true
        let warnings = try file.readToEnd(upTo: Clip.maximumSamples) { piece in
            isEmpty = false
            try take(piece)
        }
        if isEmpty { throw RecognitionError.noSound(in: path) }
        return warnings
    }

    /// The representation of a recording, averaged over what the network reads of its pieces; the weights need no head.
    ///
    /// - Parameter pieces: As of `read`.
    func representation(
        _ pieces: (_ take: ([Float]) throws -> Void) throws -> [SoundWarning]
    ) throws -> RecordingRepresentation {
        var mean = WeightedMean()
        var samples = 0
        let speech = try beginSpeech()
        let warnings = try pieces { piece in
            samples += piece.count
            let read = speech?.read(piece) ?? piece
            if !read.isEmpty { mean.add(try engine.embed(Clip.tile(read)), weight: read.count) }
        }
        return RecordingRepresentation(
            seconds: AudioFormat.seconds(samples), speech: speech?.share, warnings: warnings,
            vector: mean.weight > 0 ? mean.values : nil)
    }

    /// Calls `take` with consecutive pieces of 16 kHz samples, of at most 13 s each.
    static func pieces(of samples: [Float], _ take: ([Float]) throws -> Void) rethrows {
        for start in stride(from: 0, to: samples.count, by: Clip.maximumSamples) {
            try take(Array(samples[start..<min(start + Clip.maximumSamples, samples.count)]))
        }
    }

    /// A clip of a recording.
    private struct Piece {
        let recording: Int
        /// The number of samples of the piece before tiling.
        let weight: Int
        let samples: [Float]
    }

    /// The accumulated result of a recording, or its first error.
    private struct Answer {
        private var logits = WeightedMean()
        private var representation = WeightedMean()
        /// The samples of the whole recording.
        var samples = 0
        /// The share of speech in it; nil where it is not known.
        var speech: Double?
        var warnings: [SoundWarning] = []
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
                seconds: AudioFormat.seconds(samples), speech: speech, warnings: warnings,
                logits: logits.weight > 0 ? EmotionScores { mean[$0.index] } : nil,
                representation: logits.weight > 0 ? representation.values : nil, baseline: baseline,
                correction: configuration.correction, unsureBelow: configuration.unsure)
        }
    }
}
