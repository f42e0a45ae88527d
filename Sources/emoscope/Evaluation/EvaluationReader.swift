import Capture
import Evaluation
import Model
import Stream

/// What the network makes of a labelled clip, by the protocol of the training: one window of 3 s, the middle one.
final class EvaluationReader {
    /// Longer recordings are read twice instead of being held: a minute.
    private static let held = 60 * Clip.sampleRate

    private let engine: InferenceEngine
    private let whole: ClipReader
    private let window: Evaluate.Window
    private let conditions: Conditions

    init(engine: InferenceEngine, window: Evaluate.Window, conditions: Conditions) {
        self.engine = engine
        self.conditions = conditions
        whole = ClipReader(engine: engine)
        self.window = window
    }

    /// One for each label in order, sum 1.
    ///
    /// - Parameter place: Of the clip in its manifest.
    func probabilities(_ path: String, place: Int) throws -> [Double] {
        let scores =
            switch window {
            case .middle: Scores(try engine.run(conditions.apply(to: middle(of: path), place: place)).probabilities)
            case .whole: try whole.read(path) { try conditions.apply(to: $0, place: place) }.probabilities
            }
        let probabilities = EmotionLabel.allCases.map { label in Double(scores[label]) }
        guard probabilities.allSatisfy(\.isFinite) else {
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
        guard count > 0 else { throw Failure(.runTime, "\"\(path)\" holds no sound; give a recording that does") }
        if count == samples.count { return MiddleWindow.cut(samples, length: Clip.minimumSamples) }
        file = try AudioFile(path: path)
        var before = MiddleWindow.start(in: count, length: Clip.minimumSamples)
        while before > 0 { before -= try file.read(upTo: min(before, Self.held)).count }
        return try file.read(upTo: Clip.minimumSamples)
    }
}

extension Scores {
    fileprivate subscript(label: EmotionLabel) -> Float {
        switch label {
        case .angry: angry
        case .happy: happy
        case .neutral: neutral
        case .sad: sad
        }
    }
}
