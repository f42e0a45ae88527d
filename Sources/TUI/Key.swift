/// A key press, or a change of the terminal's size.
public enum Key: Sendable, Hashable {
    case character(Character)
    case left, right, up, down
    case escape, tab, enter
    /// F1…F12.
    case function(Int)
    /// Ctrl with a lower-case letter.
    case control(Character)
    /// The terminal has a new size; drawing again is enough.
    case resize
    /// The terminal has gone away.
    case hangUp
}

/// What a key asks of the executable; everything else the dashboard does by itself.
public enum DashboardAction: Sendable, Equatable {
    case quit
    /// Set a marker at the present moment.
    case marker
    /// Start, pause or go on with the CSV.
    case toggleRecording
}
