import EmotionCore
import EmotionRecognition
import Glibc

/// The checks of the sound that a voice profile is made of.
struct CalibrationCheck {
    /// Where the sound comes from, which decides what would work better.
    enum Source {
        case microphone
        case recording(String)
    }

    /// Seconds of speech without which there is no profile.
    static let leastSpeech = 3.0
    /// Peak of the sound, dBFS, below which nothing was heard.
    private static let silence = -60.0
    private static let fullScale: Float = 0.999
    /// Share of the samples that may be at full scale.
    private static let mostClipped = 0.001
    /// Distance from a usual voice beyond which speech that also reads as emotional is refused.
    ///
    /// With networks that never heard the voice or the set, this refuses no piece of LibriSpeech or Picovoice, 4 % of
    /// speechocean762's and 9 % of the meetings', no speaker's neutral clips, and 0.2 to 0.8 of the emotional ones, by
    /// corpus and emotion. Of a corpus never heard it refuses hardly any: it finds what is gross, and no more.
    private static let mostDistance: Float = 3.5
    /// Mean cosine of a stretch of 3 s and the mean of all, below which there is more than one voice.
    ///
    /// It refuses none of 288 recordings of one ordinary voice (LibriSpeech, speechocean762, neutral clips of nEMO, EMO-DB and
    /// RAVDESS; the least has 0.917). Of two voices one after the other it finds 0.98 in LibriSpeech, 0.95 to 1 of a man and
    /// a woman of the other corpora, and 1, 0.74 and 0.25 of two of one sex (nEMO, EMO-DB, RAVDESS, whose clips are short);
    /// 0.76 of 8 s and 3.5 s, and 0.28 of turns of 2 s. An actor who is angry, sad and neutral in turn is refused as well.
    private static let leastLikeness: Float = 0.91

    private let source: Source
    private var peak: Float = 0
    private var samples = 0
    private var clipped = 0

    init(_ source: Source) {
        self.source = source
    }

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
        guard Double(peak) > pow(10, Self.silence / 20) else { throw isSilent }
        guard Double(clipped) <= Self.mostClipped * Double(samples) else { throw clips }
        guard learner.seconds >= Self.leastSpeech, let baseline = learner.baseline else {
            throw hasTooLittleSpeech(learner.seconds)
        }
        guard learner.calmShare >= 0.5 || correction.distance(of: baseline) <= Self.mostDistance else {
            throw isEmotional
        }
        return baseline
    }

    /// The speaker embedding, if the sound does not plainly hold more than one voice.
    ///
    /// - Throws: What is wrong with it, and what would work.
    func voice(_ learner: VoiceLearner) throws(Failure) -> SpeakerEmbedding {
        guard let embedding = learner.embedding, let likeness = learner.likeness else { throw hasTooLittleSpeech(0) }
        guard likeness >= Self.leastLikeness else { throw holdsMoreThanOneVoice }
        return embedding
    }

    // MARK: Errors

    private var isSilent: Failure {
        failure("nothing was heard: is the microphone muted? (alsamixer, F4; emoscope doctor)") {
            "nothing is heard in \($0), which is silent: choose a recording of ordinary speech"
        }
    }

    private var clips: Failure {
        failure("the sound clips: turn the microphone down (alsamixer, F4), and try again") {
            "the sound of \($0) clips: choose a recording that was made at a lower level"
        }
    }

    private func hasTooLittleSpeech(_ seconds: Double) -> Failure {
        let (heard, needed) = (seconds.fixed(1), Self.leastSpeech.fixed(0))
        return failure(
            "only \(heard) s of speech were heard, and \(needed) s are needed: speak some sentences in your ordinary voice"
        ) {
            "only \(heard) s of speech were found in \($0), and \(needed) s are needed: choose a longer recording of "
                + "ordinary speech"
        }
    }

    private var isEmotional: Failure {
        let rule = "sounds emotional throughout, and a profile must be of ordinary speech"
        return failure("the voice \(rule): read the text calmly, and try again") {
            "the voice in \($0) \(rule): choose a recording of calm speech"
        }
    }

    private var holdsMoreThanOneVoice: Failure {
        let rule = "more than one voice"
        return failure("\(rule) was heard: read the text alone, away from other voices, and try again") {
            "\($0) holds \(rule), and a profile must be of one: choose a recording of one speaker alone"
        }
    }

    /// The error of a microphone, or that of a recording, by its quoted path.
    private func failure(_ live: String, _ recorded: (String) -> String) -> Failure {
        switch source {
        case .microphone: Failure(.runTime, live)
        case .recording(let path): Failure(.runTime, recorded("\"\(printable(path))\""))
        }
    }
}
