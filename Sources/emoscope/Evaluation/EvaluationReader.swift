import EmotionCore
import EmotionEvaluation
import EmotionNetwork
import EmotionSoundFiles
import EmotionStream

/// What the network makes of a labelled clip, by the protocol of the training: one window of 3 s, the middle one.
final class EvaluationReader {
    /// Longer recordings are read twice instead of being held: a minute.
    private static let held = 60 * AudioFormat.sampleRate

    private let reader: ClipReader
    private let window: Evaluate.Window
    private let conditions: Conditions

    init(engine: InferenceEngine, window: Evaluate.Window, conditions: Conditions) {
        reader = ClipReader(engine: engine)
        self.window = window
        self.conditions = conditions
    }

    /// For each clip, a probability for each label in order, sum 1.
    ///
    /// - Parameter clips: with their places in the manifest.
    func probabilities(_ clips: [(path: String, place: Int)]) -> [Result<EmotionScores, any Error>] {
        let readings = reader.read(clips) { clip, take in
            switch window {
            case .middle: take(try conditions.apply(to: middle(of: clip.path), place: clip.place))
            case .whole:
                try ClipReader.pieces(of: clip.path) { take(try conditions.apply(to: $0, place: clip.place)) }
            }
        }
        return zip(clips, readings).map { clip, reading in
            Result { try Self.probabilities(of: reading.get(), clip.path) }
        }
    }

    private static func probabilities(of reading: ClipReading, _ path: String) throws -> EmotionScores {
        let probabilities = reading.probabilities
        guard probabilities.isFinite else {
            throw Failure(
                .weights,
                "the network's answer to \"\(path)\" is no number; check the weights with \"emoscope weights verify\"")
        }
        return probabilities
    }

    /// The middle window of a recording of any length, in bounded memory.
    private func middle(of path: String) throws -> [Float] {
        var file = try AudioFile(path: path)
        let samples = try file.read(upTo: Self.held)
        var count = samples.count
        while case let more = try file.read(upTo: Self.held).count, more > 0 { count += more }
        guard count > 0 else { throw Failure.noSound(path) }
        if count == samples.count { return MiddleWindow.cut(samples, length: Clip.minimumSamples) }
        file = try AudioFile(path: path)
        var before = MiddleWindow.start(in: count, length: Clip.minimumSamples)
        while before > 0 { before -= try file.read(upTo: min(before, Self.held)).count }
        return try file.read(upTo: Clip.minimumSamples)
    }
}
