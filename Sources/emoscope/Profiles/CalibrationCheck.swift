import EmotionCore
import EmotionRecognition
import Glibc

/// The checks of the sound that a voice profile is made of.
struct CalibrationCheck {
    /// Seconds of speech without which there is no profile.
    static let leastSpeech = 3.0
    /// Peak of the sound, dBFS, below which nothing was heard.
    private static let silence = -60.0
    private static let fullScale: Float = 0.999
    /// Share of the samples that may be at full scale.
    private static let mostClipped = 0.001
    /// Distance from a usual voice beyond which speech that also reads as emotional is refused.
    ///
    /// With the shipped weights this refuses no voice of meetings, LibriSpeech or Picovoice and 4 % of speechocean762's; of
    /// EMO-DB it refuses 0.75 of the angry readings, all happy ones, 0.8 of the sad ones, and no neutral one.
    private static let mostDistance: Float = 3.5

    private(set) var peak: Float = 0
    private var samples = 0
    private var clipped = 0

    mutating func add(_ sound: [Float]) {
        for sample in sound {
            peak = max(peak, abs(sample))
            if abs(sample) >= Self.fullScale { clipped += 1 }
        }
        samples += sound.count
    }

    /// The baseline, if the sound is fit for a profile.
    ///
    /// - Throws: What is wrong with it, and what would work.
    func baseline(_ learner: BaselineLearner, _ correction: BaselineCorrection) throws(Failure) -> VoiceBaseline {
        guard Double(peak) > pow(10, Self.silence / 20) else {
            throw Failure(.runTime, "nothing was heard: is the microphone muted? (alsamixer, F4; emoscope doctor)")
        }
        guard Double(clipped) <= Self.mostClipped * Double(samples) else {
            throw Failure(.runTime, "the sound clips: turn the microphone down (alsamixer, F4), and try again")
        }
        guard learner.seconds >= Self.leastSpeech, let baseline = learner.baseline else {
            throw Failure(
                .runTime,
                "only \(learner.seconds.fixed(1)) s of speech were heard, and \(Self.leastSpeech.fixed(0)) s are needed: "
                    + "speak some sentences in your ordinary voice")
        }
        guard learner.calmShare >= 0.5 || correction.distance(of: baseline) <= Self.mostDistance else {
            throw Failure(
                .runTime,
                "the voice sounds emotional throughout, and a profile must be of ordinary speech: read the text calmly, and "
                    + "try again")
        }
        return baseline
    }
}
