import EmotionCapture
import EmotionNetwork
import EmotionStream

extension EmotionSession {
    /// The settings of a session. The defaults are those of the program emoscope.
    public struct Settings: Sendable {
        /// Seconds between the starts of two windows of 3 s, 0.05…3.
        public var hop = 0.5
        /// Time constant of the smoothing in seconds, 0…60; 0 switches it off.
        public var smoothing = 0.5
        /// Probability, 0…1, from which a chunk of 32 ms counts as speech.
        public var speechThreshold = 0.5
        /// Share of speech, 0…1, below which a window counts as silence.
        public var minimumSpeech = 0.1
        /// Share of speech, 0…1, in a window's newest second, below which the window counts as silence.
        public var minimumRecentSpeech = 0.1
        /// The samples that the network reads of a partly silent window.
        public var silence = SilenceTreatment.keep
        /// Probability, 0…1, below which no emotion is named; 0 always names one, nil takes the threshold from the
        /// weights.
        public var unsureBelow: Double?
        /// Where each voice's baseline, its normal, comes from.
        public var baseline = BaselineMode.none
        /// Whether the first two channels of the source are two speakers, each with rows of its own. Otherwise the mean
        /// of all channels is read.
        public var splitsChannels = false
        /// How many speakers share the channel: rows then name theirs. Not with `splitsChannels`.
        public var speakers = SpeakerCount.exactly(1)
        /// Seconds of the stream after which the session ends; nil for no limit.
        public var duration: Double?
        /// Whether a recording is played at its normal speed, as a microphone would deliver it. Otherwise it is read at
        /// full speed, and no window is dropped.
        public var playsAtPaceOfTime = false
        /// Whether the session waits for a microphone that is disconnected; otherwise it ends with an error.
        public var waitsForMicrophone = true
        /// Receives a sentence for each event that a person should know of, such as a microphone that is disconnected
        /// or back. Called on the session's own queue.
        public var onEvent: (@Sendable (String) -> Void)?

        public init() {}

        /// What is wrong with the settings, and what would work; nil if nothing is wrong.
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
            if case .exactly(let count) = speakers, !SpeakerCount.range.contains(count) {
                return "\(count) speakers do not work: choose 1 to \(SpeakerCount.range.upperBound)"
            }
            if speakers != .exactly(1), splitsChannels {
                return "splitsChannels is for two speakers with a microphone each: choose exactly(1) speakers"
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
            settings.speakers = speakers
            settings.correction = model.configuration.correction
            settings.isPaced = isPaced
            return settings
        }
    }
}
