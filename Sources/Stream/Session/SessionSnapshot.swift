import EmotionFiles

/// What a session looks like at one moment. What can be said of a channel can be said of the snapshot, and is then about
/// the first channel, the only one of a session that is not split.
@dynamicMemberLookup
package struct SessionSnapshot: Sendable {
    /// Where the session is in its life.
    package enum Phase: Equatable, Sendable {
        /// No sample has come yet from the present source.
        case waiting
        /// Samples are coming.
        case running
        /// The source has ended; what it left is being read.
        case draining
        /// All that the source gave has been read and logged.
        case drained
    }

    package var phase = Phase.waiting
    /// Seconds of the stream so far.
    package var streamTime = 0.0
    /// One, or the two of a split session.
    package var channels = [ChannelSnapshot()]
    /// The two channels of the source have carried the very same sound for seconds, as those of a mono microphone do.
    package var soundsMono = false
    /// Why nothing is heard at this moment, while samples are missing.
    package var missing: LossCause?
    /// How the saving of sound fares.
    package var audio = SavedAudio()
    /// The first log that could not be written, which is not written to any more.
    package var failure: FileError?

    package init() {}

    package subscript<Value>(dynamicMember member: KeyPath<ChannelSnapshot, Value>) -> Value {
        channels[0][keyPath: member]
    }
}

/// What a channel looks like at one moment.
package struct ChannelSnapshot: Sendable {
    /// Seconds of the stream in which the voice activity detector heard speech.
    package var speechTime = 0.0
    /// Probability (0…1) that there is speech now.
    package var voiceActivity: Float = 0
    /// dBFS.
    package var level = Level.floor
    package var peak = Level.floor
    package var isClipping = false
    /// Lowest and highest sample of each 30 ms of the last 3 s, oldest first.
    package var waveform: [ClosedRange<Float>] = []
    /// The newest row about a window.
    package var lastWindow: Row?
    /// The monotonic clock, in nanoseconds, when that row was logged.
    package var lastLogged = 0
    /// What is known of how the voice sounds when it is neutral.
    package var baseline = BaselineState.none
    package var summary = SessionSummary()

    package init() {}
}
