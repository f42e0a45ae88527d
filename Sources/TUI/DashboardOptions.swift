/// How the dashboard may look.
public struct DashboardOptions: Sendable {
    /// `false` for `--no-color`. `NO_COLOR` in the environment has the same effect.
    public var allowsColor = true
    /// The characters to draw with, or `nil` for what the locale and the terminal allow. `--no-unicode` is
    /// ``Glyphs/ascii``.
    public var glyphs: Glyphs?
    public var theme = Theme.dark
    /// A terminal to draw on instead of the standard one, and whether it must be one.
    var terminal: (path: String, mustBeTerminal: Bool)?

    public init(allowsColor: Bool = true, glyphs: Glyphs? = nil, theme: Theme = .dark) {
        self.allowsColor = allowsColor
        self.glyphs = glyphs
        self.theme = theme
    }
}

/// Why there can be no dashboard. Each text says what would work.
public enum DashboardError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Neither the standard streams nor `/dev/tty` is a terminal.
    case notATerminal
    /// `TERM` is not set.
    case terminalTypeMissing
    /// The terminal database does not know this `TERM`.
    case terminalTypeUnknown(String)
    /// The terminal cannot place the cursor.
    case terminalTooSimple(String)
    /// The terminal exists but does not open; `reason` is the system's.
    case cannotOpen(path: String, reason: String)

    public var description: String {
        switch self {
        case .notATerminal:
            "the dashboard needs a terminal, and there is none here: run emoscope in one, or write JSON Lines with --json"
        case .terminalTypeMissing:
            "TERM is not set, so the terminal's kind is unknown: set it, for instance TERM=xterm-256color"
        case .terminalTypeUnknown(let name):
            "this system does not know the terminal TERM=\"\(name)\": install ncurses-term, or set TERM=xterm-256color"
        case .terminalTooSimple(let name):
            "the terminal TERM=\"\(name)\" cannot place its cursor: set TERM to its real kind, or write JSON Lines with "
                + "--json"
        case .cannotOpen(let path, let reason):
            "cannot open the terminal \(path): \(reason); run emoscope in a terminal, or write JSON Lines with --json"
        }
    }
}
