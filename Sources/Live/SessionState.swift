import EmotionStream

/// All that a display of a session may show, at one moment.
package struct SessionState: Sendable {
    /// Stream, channels, saved sound.
    package var session: SessionSnapshot
    package var source: SourceState
    /// How often the microphone's buffer ran over.
    package var overruns: Int
    package var drift: ClockDrift.Estimate?
    package var settings: SessionSettings
    /// A few words that name the model.
    package var model: String
    package var log = LogState.off
    /// The path of the sound that is saved, if any.
    package var audioFile: String?
    /// The recent past of each channel, where somebody keeps it.
    package var histories: [History] = []
    /// What the user should read at this moment.
    package var message: String?
    /// The source is at its end.
    package var hasEnded = false
}

/// The source of a session at one moment.
package struct SourceState: Equatable, Sendable {
    package enum Mode: Equatable, Sendable {
        /// A microphone.
        case live
        /// A microphone that went away and is waited for.
        case away
        /// A file at the pace of time; `position` and `length` in seconds, `length` where it is known.
        case replay(position: Double, length: Double?)
        /// A file as fast as the machine goes.
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
