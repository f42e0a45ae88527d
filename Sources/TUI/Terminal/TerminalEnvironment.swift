import Glibc

/// The environment variables that describe the terminal.
struct TerminalEnvironment: Sendable, Equatable {
    /// The value of `TERM`; empty if it is not set.
    var term = ""
    /// Whether `NO_COLOR` is set to anything but the empty string (no-color.org).
    var refusesColor = false
    /// Whether `COLORTERM` says that the terminal takes 24-bit colours.
    var claimsDirectColor = false
    /// Whether one of `LC_ALL`, `LC_CTYPE` and `LANG` is set.
    var namesLocale = false

    /// Reads the variables through a function from a variable's name to its value.
    init(_ variable: (String) -> String?) {
        func value(_ name: String) -> String { variable(name) ?? "" }
        term = value("TERM")
        refusesColor = !value("NO_COLOR").isEmpty
        claimsDirectColor = ["truecolor", "24bit"].contains(value("COLORTERM"))
        namesLocale = ["LC_ALL", "LC_CTYPE", "LANG"].contains { !value($0).isEmpty }
    }

    /// The environment of this process.
    static var current: TerminalEnvironment {
        TerminalEnvironment { name in
            guard let text = unsafe getenv(name) else { return nil }
            return unsafe String(cString: text)
        }
    }

    /// Whether the terminal shows ASCII only: VT types, real or emulated, and the Linux console, whose font has no
    /// braille.
    var isPlain: Bool {
        term == "linux" || term == "dumb" || term == "ansi" || term == "cons25" || term.hasPrefix("vt")
    }

    /// The terminal types to try, best first: the 24-bit variant, which may not be installed, then `TERM` itself.
    var candidates: [String] {
        guard claimsDirectColor, !refusesColor, !isPlain, let family = term.split(separator: "-").first else {
            return [term]
        }
        return term.hasSuffix("-direct") ? [term] : ["\(family)-direct", term]
    }

    /// Returns the characters to draw with, given whether the locale's encoding is UTF-8.
    func glyphs(isUTF8: Bool) -> Glyphs {
        isUTF8 && !isPlain ? .braille : .ascii
    }

    /// Sets the process's character type from the environment's locale.
    ///
    /// If no locale is named at all, as in a bare container, UTF-8 is assumed; `LANG=C` is kept. Other parts of the
    /// locale are unchanged, so that numbers keep their decimal point.
    ///
    /// - Returns: Whether the encoding is UTF-8 now.
    func adoptLocale() -> Bool {
        unsafe _ = setlocale(LC_CTYPE, namesLocale ? "" : "C.UTF-8")
        guard let name = unsafe nl_langinfo(Int32(CODESET)) else { return false }
        return unsafe String(cString: name) == "UTF-8"
    }
}
