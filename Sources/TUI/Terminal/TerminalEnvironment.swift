import Glibc

/// What the environment says of the terminal.
struct TerminalEnvironment: Sendable, Equatable {
    /// `TERM`, empty if unset.
    var term = ""
    /// `NO_COLOR` is set to anything but the empty string (no-color.org).
    var refusesColor = false
    /// `COLORTERM` says that the terminal takes 24-bit colours.
    var claimsDirectColor = false
    /// One of `LC_ALL`, `LC_CTYPE`, `LANG` is set.
    var namesLocale = false

    init(_ variable: (String) -> String?) {
        func value(_ name: String) -> String { variable(name) ?? "" }
        term = value("TERM")
        refusesColor = !value("NO_COLOR").isEmpty
        claimsDirectColor = ["truecolor", "24bit"].contains(value("COLORTERM"))
        namesLocale = ["LC_ALL", "LC_CTYPE", "LANG"].contains { !value($0).isEmpty }
    }

    /// That of this process.
    static var current: TerminalEnvironment {
        TerminalEnvironment { name in
            guard let text = unsafe getenv(name) else { return nil }
            return unsafe String(cString: text)
        }
    }

    /// Terminals whose own characters are all there is: real or emulated VT types and the Linux console, whose font
    /// has neither braille nor quadrants.
    var isPlain: Bool {
        term == "linux" || term == "dumb" || term == "ansi" || term == "cons25" || term.hasPrefix("vt")
    }

    /// The terminal types to try, best first. The 24-bit variant of a terminal's type is used where it is installed.
    var candidates: [String] {
        guard claimsDirectColor, !refusesColor, !isPlain, let family = term.split(separator: "-").first else {
            return [term]
        }
        return term.hasSuffix("-direct") ? [term] : ["\(family)-direct", term]
    }

    /// The characters to use in a locale whose encoding is, or is not, UTF-8.
    func glyphs(isUTF8: Bool) -> Glyphs {
        isUTF8 && !isPlain ? .braille : .ascii
    }

    /// Takes the character set from the environment's locale. Where no locale is named at all (a bare container), the
    /// terminal is taken for what nearly all are, UTF-8; `LANG=C` is a choice and is kept. Only the character type is
    /// set: numbers stay with the `.`.
    /// - Returns: whether characters are UTF-8 now.
    func adoptLocale() -> Bool {
        unsafe _ = setlocale(LC_CTYPE, namesLocale ? "" : "C.UTF-8")
        guard let name = unsafe nl_langinfo(Int32(CODESET)) else { return false }
        return unsafe String(cString: name) == "UTF-8"
    }
}
