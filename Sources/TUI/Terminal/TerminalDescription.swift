import Glibc

/// The terminal on standard output, as far as it is known without drawing on it.
package struct TerminalDescription: Equatable, Sendable {
    /// The smallest size that the dashboard fits on.
    package static let minimum = (columns: Painter.minimum.width, lines: Painter.minimum.height)

    /// The value of `TERM`; empty if it is not set.
    package let kind: String
    /// The number of columns; 0 if unknown.
    package let columns: Int
    /// The number of lines; 0 if unknown.
    package let lines: Int
    /// Whether the locale and the terminal's kind allow characters beyond ASCII.
    package let isUTF8: Bool

    /// The terminal of this process. Reading it sets the process's character type from the locale, as the dashboard
    /// does.
    package static var current: TerminalDescription {
        var size = winsize()
        unsafe _ = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        let environment = TerminalEnvironment.current
        return TerminalDescription(
            kind: environment.term, columns: Int(size.ws_col), lines: Int(size.ws_row),
            isUTF8: environment.glyphs(isUTF8: environment.adoptLocale()) == .braille)
    }
}
