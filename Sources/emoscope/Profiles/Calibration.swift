import EmotionCore
import EmotionNetwork
import EmotionRecognition

/// The learning of a voice profile from sound, as it comes.
struct Calibration {
    private let model: EmotionModel
    private let baseline: BaselineLearner
    private let voice: VoiceLearner
    private var check: CalibrationCheck

    init(_ recognizer: EmotionRecognizer, _ source: CalibrationCheck.Source) throws(RecognitionError) {
        model = recognizer.model
        baseline = try BaselineLearner(recognizer)
        voice = try VoiceLearner()
        check = CalibrationCheck(source)
    }

    /// Seconds of speech so far.
    var seconds: Double { baseline.seconds }

    /// Reads 16 kHz samples, full scale ±1.
    mutating func add(_ samples: [Float]) throws(RecognitionError) {
        check.add(samples)
        try baseline.add(samples)
        voice.add(samples)
    }

    /// Reads the rest behind the last whole window, where all of a recording is wanted.
    func readRest() throws(RecognitionError) { try baseline.finish() }

    /// The profile of what was heard; nothing is read after.
    ///
    /// - Throws: Why the sound is not fit for one, and what would work.
    func profile(_ name: String, source: String) throws(Failure) -> VoiceProfile {
        voice.finish()
        return VoiceProfile(
            name, try check.baseline(baseline, model.configuration.correction), heard: baseline.seconds,
            representation: baseline.representation, embedding: try check.voice(voice), source: source, model: model)
    }
}
