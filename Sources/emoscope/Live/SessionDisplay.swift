import EmotionCore
import EmotionLive

/// An action that the user asks for by a key.
enum SessionAction: Equatable {
    case quit
    /// Adds a marker to the rows.
    case marker
    /// Adds a marker with a note to the rows; `time` is the stream time at which the note was begun, in seconds.
    case notedMarker(String, time: Double)
    /// Starts the log, or pauses or resumes the recording.
    case toggleRecording
    /// Takes the newest speech as each voice's normal.
    case takeBaseline
    /// Opens the list of the microphones that can be heard.
    case listSources
    /// Hears the microphone of this ALSA name, and closes the list.
    case chooseSource(String)
    /// Closes the list.
    case leaveSources
    /// Gives the speaker of a lane a name.
    case renameSpeaker(lane: Int, name: SpeakerName)
    /// Takes the speaker of a lane for that of another lane.
    case mergeSpeaker(lane: Int, into: Int)
}

/// A display of the session while it runs.
protocol SessionDisplay: AnyObject {
    /// Waits until the user presses the key of an action, or the time is over.
    func wait(milliseconds: Int) -> SessionAction?
    func show(_ state: SessionState)
    func close()
}
