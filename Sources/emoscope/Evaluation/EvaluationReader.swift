import EmotionCore
import EmotionEvaluation
import EmotionNetwork
import EmotionRecognition
import EmotionSoundFiles

/// A reader of labelled clips: the middle window of 3 s, as in the protocol of the training, or the whole clip.
struct EvaluationReader {
    /// The most samples of a recording that are held in memory, a minute; a longer recording is read twice instead.
    private static let heldSamples = 60 * AudioFormat.sampleRate

    let window: Evaluate.Window
    let conditions: Conditions

    /// Passes consecutive pieces of a clip, each of at most 13 s, to `take`.
    ///
    /// - Parameter place: Index of the clip in its manifest.
    /// - Returns: What was wrong with the clip.
    func pieces(of path: String, place: Int, _ take: ([Float]) -> Void) throws -> [SoundWarning] {
        switch window {
        case .middle:
            let (samples, warnings) = try middle(of: path)
            take(try conditions.apply(to: samples, place: place))
            return warnings
        case .whole:
            return try EmotionRecognizer.pieces(of: path) { take(try conditions.apply(to: $0, place: place)) }
        }
    }

    /// What the network says about a clip: a window of 3 s counts as 3 s of speech, a whole clip as its length. Nil where
    /// nobody speaks.
    ///
    /// - Throws: Where sound of the clip is missing, or a logit is not finite.
    func reading(of clip: LabelledClip, _ result: RecognitionResult) throws -> ClipReading? {
        if let warning = result.warnings.first(where: \.losesSound) {
            throw Failure(.runTime, "\(warning); the clip is left out")
        }
        guard let logits = result.logits else { return nil }
        let seconds = window == .middle ? AudioFormat.seconds(Clip.minimumSamples) : result.seconds
        return ClipReading(clip: clip, logits: try Self.finite(logits, clip.path), seconds: seconds)
    }

    /// The logits of a recording.
    ///
    /// - Throws: Where one is not finite.
    static func finite(_ logits: EmotionScores, _ path: String) throws -> EmotionScores {
        guard logits.isFinite else {
            throw Failure(
                .weights,
                "the network's answer to \"\(path)\" is no number; check the weights with \"emoscope weights verify\"")
        }
        return logits
    }

    /// Reads the middle window of a recording of any length, in bounded memory.
    ///
    /// - Throws: Where the recording cannot be read to its end.
    private func middle(of path: String) throws -> (samples: [Float], warnings: [SoundWarning]) {
        var file = try AudioFile(path: path)
        let samples = try file.read(upTo: Self.heldSamples)
        var count = samples.count
        while case let more = try file.read(upTo: Self.heldSamples).count, more > 0 { count += more }
        guard count > 0 else { throw RecognitionError.noSound(in: path) }
        let warnings = file.warnings
        if count == samples.count { return (MiddleWindow.cut(samples, length: Clip.minimumSamples), warnings) }
        file = try AudioFile(path: path)
        var before = MiddleWindow.start(in: count, length: Clip.minimumSamples)
        while before > 0 { before -= try file.read(upTo: min(before, Self.heldSamples)).count }
        return (try file.read(upTo: Clip.minimumSamples), warnings)
    }
}
