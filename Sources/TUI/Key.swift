/// A key press, or a change of the terminal's size.
package enum Key: Sendable, Hashable {
    case character(Character)
    case left, right, up, down, home, end, pageUp, pageDown
    case escape, tab, enter, backspace
    /// F1…F12.
    case function(Int)
    /// Ctrl with a lower-case letter.
    case control(Character)
    /// The terminal has a new size; draw again.
    case resize
    /// The terminal is gone.
    case hangUp
}
