import EmotionTUI
import Glibc

/// The check of the terminal: whether it can show the dashboard.
enum TerminalCheck {
    /// Describes the terminal on standard output.
    static func run() -> Finding {
        guard isatty(STDOUT_FILENO) == 1 else {
            return finding(.warning, "standard output is no terminal: sessions write JSON Lines instead of a dashboard")
        }
        let terminal = TerminalDescription.current
        guard !terminal.kind.isEmpty else {
            return finding(.warning, "TERM is not set; set it, for instance TERM=xterm-256color")
        }
        var text = "\(terminal.kind), \(terminal.columns) × \(terminal.lines), \(terminal.isUTF8 ? "UTF-8" : "ASCII")"
        let minimum = TerminalDescription.minimum
        if terminal.columns < minimum.columns || terminal.lines < minimum.lines {
            text += "; the dashboard needs \(minimum.columns) × \(minimum.lines): enlarge it"
            return finding(.warning, text)
        }
        if !terminal.isUTF8 { text += "; curves are finer in a UTF-8 locale, such as LANG=C.UTF-8" }
        return finding(terminal.isUTF8 ? .ok : .warning, text)
    }

    private static func finding(_ severity: Finding.Severity, _ text: String) -> Finding {
        Finding(subject: "terminal", severity: severity, text: text)
    }
}
