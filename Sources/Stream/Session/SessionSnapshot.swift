import EmotionFiles

/// What a session looks like at one moment. What can be said of a channel can be said of the snapshot, and is then about
/// the first channel, the only one of a session that is not split.
@dynamicMemberLookup
public struct SessionSnapshot: Sendable {
    /// Where the session is in its life.
    public enum Phase: Equatable, Sendable {
        /// No sample has come yet from the present source.
        case waiting
        /// Samples are coming.
        case running
        /// The source has ended; what it left is being read.
        case draining
        /// All that the source gave has been read and logged.
        case drained
    }

    public var phase = Phase.waiting
    /// Seconds of the stream so far.
    public var streamTime = 0.0
    /// One, or the two of a split session.
    public var channels = [ChannelSnapshot()]
    /// The two channels of the source have carried the very same sound for seconds, as those of a mono microphone do.
    public var soundsMono = false
    /// Why nothing is heard at this moment, while samples are missing.
    public var missing: LossCause?
    /// The first log that could not be written, which is not written to any more.
    public var failure: FileError?

    public init() {}

    public subscript<Value>(dynamicMember member: KeyPath<ChannelSnapshot, Value>) -> Value {
        channels[0][keyPath: member]
    }
}

/// What a channel looks like at one moment.
public struct ChannelSnapshot: Sendable {
    /// Seconds of the stream in which the voice activity detector heard speech.
    public var speechTime = 0.0
    /// Probability (0…1) that there is speech now.
    public var voiceActivity: Float = 0
    /// dBFS.
    public var level = Level.floor
    public var peak = Level.floor
    public var isClipping = false
    /// Lowest and highest sample of each 30 ms of the last 3 s, oldest first.
    public var waveform: [ClosedRange<Float>] = []
    /// The newest row about a window.
    public var lastWindow: Row?
    /// `Clock.now` when that row was logged.
    public var lastLogged = 0
    public var summary = SessionSummary()

    public init() {}
}
