import EmotionStream

/// The state of a session at one moment, for displays.
package struct SessionState: Sendable {
    /// State of the stream, its channels and the saved sound.
    package var session: SessionSnapshot
    /// What is wrong with the channels of the source beside one another.
    package var twin: InputTrouble?
    package var source: SourceState
    /// Number of times that the microphone's buffer overran.
    package var overruns: Int
    package var drift: ClockDrift.Estimate?
    /// Seconds of sound that wait in the ring to be read.
    package var waiting: Double
    package var settings: SessionSettings
    /// The source of the sound server that is heard, by its name for people; nil where none is known.
    package var heard: String?
    /// Name of the model in a few words.
    package var model: String
    package var log = LogState.off
    /// Path and size of the file that the sound is saved to; nil for none.
    package var audio: (path: String, bytes: Int)?
    /// History of each channel; empty where none is kept.
    package var histories: [History] = []
    /// The sources that can be chosen, while somebody chooses; nil otherwise.
    package var meters: [SourceMeters.Meter]?
    /// Message for the user; nil for none.
    package var message: String?
    /// Whether the source has ended.
    package var hasEnded = false

    /// What is wrong with a channel's sound, where something must be done; a recording may be as it likes, if it is not
    /// clipped and its channels differ.
    package func trouble(of channel: ChannelSnapshot) -> InputTrouble? {
        let own = source.mode == .live || channel.trouble == .clipping ? channel.trouble : nil
        return own ?? twin
    }
}

/// The source of a session at one moment.
package struct SourceState: Equatable, Sendable {
    package enum Mode: Equatable, Sendable {
        /// A microphone.
        case live
        /// A microphone that is disconnected and being reopened.
        case away
        /// A file at normal speed, with `position` and `length` in seconds; `length` is nil if unknown.
        case replay(position: Double, length: Double?)
        /// A file read at full speed, with `position` and `length` in seconds.
        case fast(position: Double, length: Double?)
    }

    /// The device's ALSA name or the file's path.
    package var name: String
    package var mode: Mode
}

/// The log of a session at one moment.
package enum LogState: Equatable, Sendable {
    case off
    case on(path: String, rows: Int, bytes: Int)
    case paused(path: String, rows: Int, bytes: Int)
}
