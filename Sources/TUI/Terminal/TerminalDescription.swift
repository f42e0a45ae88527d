import Glibc

/// What is known of the terminal on standard output without drawing on it.
public struct TerminalDescription: Equatable, Sendable {
    /// The smallest that a picture fits on.
    public static let minimum = (columns: Painter.minimum.width, lines: Painter.minimum.height)

    /// `TERM`; empty if it is not set.
    public let kind: String
    /// 0 where the terminal does not say.
    public let columns: Int
    public let lines: Int
    /// Whether curves are drawn with UTF-8's characters, by the locale and the kind.
    public let isUTF8: Bool

    /// That of this process. Sets the process's character type from its locale, as the dashboard does.
    public static var current: TerminalDescription {
        var size = winsize()
        unsafe _ = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        let environment = TerminalEnvironment.current
        return TerminalDescription(
            kind: environment.term, columns: Int(size.ws_col), lines: Int(size.ws_row),
            isUTF8: environment.glyphs(isUTF8: environment.adoptLocale()) == .braille)
    }
}
