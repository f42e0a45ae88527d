import EmotionCore

/// An action that a key asks of the program; the dashboard handles all other keys itself.
package enum DashboardAction: Sendable, Equatable {
    case quit
    /// Set a marker at the current time.
    case marker
    /// Set a marker with a note that was begun at a stream time.
    case notedMarker(note: String, time: Double)
    /// Start the CSV log, or pause or resume the recording.
    case toggleRecording
    /// Take the newest speech as each voice's normal.
    case takeBaseline
    /// List the microphones that can be heard, each with its level, until one is chosen or none.
    case listSources
    /// Hear the microphone of this name.
    case chooseSource(device: String)
    /// Choose no microphone.
    case leaveSources
    /// Give a speaker a new name; `lane` is the index of the voice.
    case renameSpeaker(lane: Int, name: SpeakerName)
    /// Take two speakers for one: the voice of index `lane` becomes a part of the voice of index `into`.
    case mergeSpeaker(lane: Int, into: Int)
}
