import EmotionCore
import EmotionSoundFiles

extension EmotionRecognizer {
    /// How the voice in a recording sounds when it is neutral: what its speech, mostly neutral, has in common.
    ///
    /// - Parameter path: As of ``predict(file:baseline:)``; half a minute of ordinary speech is enough.
    /// - Returns: nil where the recording holds no speech.
    /// - Throws: ``RecognitionError`` of the kind `recording` where the file cannot be read, `weights` where the weights
    ///   have no head.
    public func baseline(file path: String) throws(RecognitionError) -> VoiceBaseline? {
        try baselines(files: [path], mode: .mixed)[0]
    }

    /// The baseline of each channel over all of several recordings; nil for a channel without speech.
    package func baselines(
        files: [String], mode: ChannelMode, raw: RawFormat? = nil
    ) throws(RecognitionError) -> [VoiceBaseline?] {
        var learners: [BaselineLearner] = []
        for _ in 0..<mode.count { learners.append(try BaselineLearner(self)) }
        do {
            for path in files {
                let file = try AudioFile(path: path, mode: mode, raw: raw)
                // A file that breaks off tells what it can.
                _ = try file.readToEnd(upTo: AudioFormat.sampleRate * mode.count) { piece in
                    for (channel, learner) in learners.enumerated() {
                        try learner.add(stride(from: channel, to: piece.count, by: mode.count).map { piece[$0] })
                    }
                }
                for learner in learners { try learner.finish() }
            }
        } catch {
            throw RecognitionError(error)
        }
        return learners.map(\.baseline)
    }
}
