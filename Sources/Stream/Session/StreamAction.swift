/// An action on a running session: of the user, or of the sound server that moves the stream to another microphone.
package enum StreamAction: Equatable, Sendable {
    /// Adds a marker with a note.
    case marker(String)
    /// Takes the newest speech as the normal of each channel's voice or, where speakers are told apart, of who spoke last.
    case takeBaseline
    /// Gives a speaker another name.
    case renameSpeaker(String, to: String)
    /// Makes one speaker of two that were one: the first one's speech is the second one's from now on.
    case mergeSpeaker(String, into: String)
    /// Hears another microphone from here on, by its name for people.
    case source(String)
    /// Begins the log, or pauses or resumes the recording: the log and the saved sound.
    case startLog, pauseLog, resumeLog

    /// The status and the note of the action's row.
    var row: (status: RowStatus, note: String) {
        switch self {
        case .marker(let note): (.marker, note)
        case .takeBaseline: (.baseline, "")
        case .renameSpeaker(let name, let new): (.marker, "speaker \(name) is called \(new)")
        case .mergeSpeaker(let name, let other): (.marker, "speaker \(name) is \(other)")
        case .source(let name): (.source, name)
        case .startLog: (.marker, "recording started")
        case .pauseLog: (.marker, "recording paused")
        case .resumeLog: (.marker, "recording resumed")
        }
    }
}

/// An action and its place in the stream.
///
/// A session that performs the same actions at the same samples of the same sound writes the same rows.
package struct TimedAction: Equatable, Sendable {
    /// The stream index of the first sample after the action.
    package let sample: Int
    package let action: StreamAction

    package init(sample: Int, action: StreamAction) {
        self.sample = sample
        self.action = action
    }
}
