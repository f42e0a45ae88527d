/// The reason why the dashboard cannot be shown. Each description says what would work.
package enum DashboardError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Neither the standard streams nor `/dev/tty` is a terminal.
    case notATerminal
    /// `TERM` is not set.
    case terminalTypeMissing
    /// The terminal database does not know this `TERM`.
    case terminalTypeUnknown(String)
    /// The terminal cannot place the cursor.
    case terminalTooSimple(String)
    /// The terminal cannot be opened; `reason` is the system's text.
    case cannotOpen(path: String, reason: String)

    /// The Debian package that describes a terminal.
    private static func package(describing terminal: String) -> String {
        switch terminal {
        case "xterm-kitty": "kitty-terminfo"
        case "foot", "foot-direct": "foot-terminfo"
        default: "ncurses-term"
        }
    }

    package var description: String {
        switch self {
        case .notATerminal:
            "the dashboard needs a terminal, and there is none here: run emoscope in one, or write JSON Lines with --json"
        case .terminalTypeMissing:
            "TERM is not set, so the terminal's kind is unknown: set it, for instance TERM=xterm-256color"
        case .terminalTypeUnknown(let name):
            "this system does not know the terminal TERM=\"\(name)\": install \(Self.package(describing: name)), or set "
                + "TERM=xterm-256color"
        case .terminalTooSimple(let name):
            "the terminal TERM=\"\(name)\" cannot place its cursor: set TERM to its real kind, or write JSON Lines with "
                + "--json"
        case .cannotOpen(let path, let reason):
            "cannot open the terminal \(path): \(reason); run emoscope in a terminal, or write JSON Lines with --json"
        }
    }
}
