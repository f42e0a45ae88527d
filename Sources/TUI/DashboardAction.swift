/// An action that a key asks of the program; the dashboard handles all other keys itself.
package enum DashboardAction: Sendable, Equatable {
    case quit
    /// Set a marker at the current time.
    case marker
    /// Start, pause or resume the CSV log.
    case toggleRecording
    /// Take the newest speech as each voice's normal.
    case takeBaseline
}
