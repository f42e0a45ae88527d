import EmotionCapture
import EmotionNetwork
import EmotionStream

extension EmotionSession {
    /// How a session listens. The defaults are those of the program emoscope.
    public struct Settings: Sendable {
        /// Seconds between the starts of two windows of 3 s, 0.05…3.
        public var hop = 0.5
        /// Time constant of the smoothing in seconds, 0…60; 0 for none.
        public var smoothing = 0.5
        /// Probability, 0…1, from which the voice activity detector's chunk of 32 ms counts as speech.
        public var speechThreshold = 0.5
        /// Share of a window, 0…1, that must be speech, or the window is silence.
        public var minimumSpeech = 0.1
        /// Share of a window's newest second, 0…1, that must be speech, or the window is silence.
        public var minimumRecentSpeech = 0.1
        /// What the network gets of a window that is partly silent.
        public var silence = SilenceTreatment.keep
        /// Probability, 0…1, below which the likeliest emotion is not named; 0 names it always, nil takes what the weights
        /// say.
        public var unsureBelow: Double?
        /// Where each voice's baseline, its normal, comes from.
        public var baseline = BaselineMode.automatic
        /// Whether the first two channels of the source are two speakers, with rows of their own. Otherwise the mean of all
        /// channels is heard.
        public var splitsChannels = false
        /// Seconds after which a microphone is closed; nil for no end.
        public var duration: Double?
        /// Whether a recording passes at the pace of time, as a microphone would hear it. Otherwise it is read as fast as
        /// the machine goes, and no window is dropped.
        public var playsAtPaceOfTime = false
        /// Whether the session waits for a microphone that goes away, rather than ending with an error.
        public var waitsForMicrophone = true
        /// Gets a sentence whenever something happens that a person should know of, such as a microphone that goes away or
        /// comes back; called on the session's own queue.
        public var onEvent: (@Sendable (String) -> Void)?

        public init() {}

        /// What is wrong with the numbers, with what would work; nil for nothing.
        var problem: String? {
            if !SessionSettings.hopRange.contains(hop) {
                return "hop \(hop) does not work: choose 0.05 to \(SessionSettings.window) seconds"
            }
            if !SessionSettings.smoothingRange.contains(smoothing) {
                return "smoothing \(smoothing) does not work: choose 0 to 60 seconds"
            }
            let shares = [
                ("speechThreshold", speechThreshold), ("minimumSpeech", minimumSpeech),
                ("minimumRecentSpeech", minimumRecentSpeech), ("unsureBelow", unsureBelow ?? 0),
            ]
            for (name, share) in shares where !(0...1).contains(share) {
                return "\(name) \(share) does not work: choose 0 to 1"
            }
            if let duration, !(duration > 0 && duration <= 1e7) {
                return "duration \(duration) does not work: choose seconds above 0"
            }
            return nil
        }

        func stream(isPaced: Bool, model: EmotionModel) -> SessionSettings {
            var settings = SessionSettings()
            settings.hop = hop
            settings.smoothing = smoothing
            settings.speechThreshold = Float(speechThreshold)
            settings.minimumSpeech = minimumSpeech
            settings.minimumRecentSpeech = minimumRecentSpeech
            settings.silence = silence
            settings.unsureBelow = unsureBelow ?? model.configuration.unsure
            settings.baseline = baseline
            settings.correction = model.configuration.correction
            settings.isPaced = isPaced
            return settings
        }
    }
}
