import EmotionLive

/// What the user asks of a session by a key.
enum SessionAction: Equatable {
    case quit
    /// Puts a marker into the rows.
    case marker
    /// Starts, pauses or resumes the log.
    case toggleRecording
    /// Takes the newest speech as each voice's normal.
    case takeBaseline
}

/// Somewhere that shows the session while it runs.
protocol SessionDisplay: AnyObject {
    /// Waits for a key that asks for something, or for the time to pass.
    func wait(milliseconds: Int) -> SessionAction?
    func show(_ state: SessionState)
    func close()
}
