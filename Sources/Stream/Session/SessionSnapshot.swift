import EmotionFiles

/// The state of a session at one moment. The members of `ChannelSnapshot` are also members of the snapshot; they then
/// return the values of the first channel, the only one of a session that is not split.
@dynamicMemberLookup
package struct SessionSnapshot: Sendable {
    /// The phase of a session's present source.
    package enum Phase: Equatable, Sendable {
        /// No sample of the source has arrived yet.
        case waiting
        /// Samples arrive.
        case running
        /// The source has ended, and its last samples are being read.
        case draining
        /// All samples of the source are read, and their rows logged.
        case drained
    }

    package var phase = Phase.waiting
    /// Seconds of the stream so far.
    package var streamTime = 0.0
    /// Seconds of it that the source does not hold: the pauses of a recording that is repeated.
    package var skippedTime = 0.0
    /// The channels: one, or the two of a split session.
    package var channels = [ChannelSnapshot()]
    /// What is wrong with the two channels of a split source: they have carried the same samples for seconds, as those of
    /// a mono microphone do, or one those of the other inverted.
    package var twin: InputTrouble?
    /// Cause of the loss that is going on; nil while samples arrive.
    package var missing: LossCause?
    /// State of the sound that is saved.
    package var audio = SavedAudio()
    /// The error of the first sink that failed. A sink that fails gets no more rows.
    package var failure: FileError?
    /// The actions of the user so far, in order.
    package var actions: [TimedAction] = []

    package init() {}

    package subscript<Value>(dynamicMember member: KeyPath<ChannelSnapshot, Value>) -> Value {
        channels[0][keyPath: member]
    }
}

/// The state of a channel at one moment.
package struct ChannelSnapshot: Sendable {
    /// Seconds of the stream in which the voice activity detector found speech.
    package var speechTime = 0.0
    /// Probability (0…1) that there is speech now.
    package var voiceActivity: Float = 0
    /// Level of the last 30 ms and peak of the last 1.5 s, in dBFS.
    package var level = Level.floor
    package var peak = Level.floor
    package var isClipping = false
    /// Seconds of digital silence until now.
    package var silentTime = 0.0
    /// Lowest and highest sample of each 30 ms of the last 3 s, oldest first.
    package var waveform: [ClosedRange<Float>] = []
    /// The newest row about a window.
    package var lastWindow: Row?
    /// Time at which that row was logged, in nanoseconds of the monotonic clock.
    package var lastLogged = 0
    /// What is known of how the voice sounds when it is neutral.
    package var baseline = BaselineState.none
    /// The newest change of the baseline in words, with the number of changes so far.
    package var baselineChange: (number: Int, note: String) = (0, "")
    package var summary = SessionSummary()
    /// The speakers that are told apart, in the order of their voices' numbers; empty where they are not.
    package var speakers: [SpeakerSnapshot] = []

    package init() {}
}

/// One of several speakers on a channel at one moment.
package struct SpeakerSnapshot: Sendable {
    /// The number of his voice in the session.
    package let voice: Int
    package let name: String
    /// Seconds of his speech so far.
    package let talkTime: Double
    package let isSpeaking: Bool
    package let baseline: BaselineState
    /// How long each emotion was shown of him.
    package let emotions: EmotionTotals
}
