import ArgumentParser

/// Advice about a flag that no command has.
enum UnknownFlag {
    /// What people know from other players, and what stands for it here.
    private static let known = [
        "speed": "a recording is played at its own speed (--realtime) or as fast as this machine computes (--fast)",
        "gain": "the microphone's level is set outside (alsamixer, F4)",
    ]

    /// Returns the message about wrong usage with advice that fits. The parser's own suggestion for an unknown flag may
    /// have little in common with it: `--append` for `--speed`.
    static func corrected(_ message: String, _ arguments: [String]) -> String {
        let start = "Unknown option '--"
        guard let found = message.firstRange(of: start),
            let end = message[found.upperBound...].firstIndex(of: "'")
        else { return message }
        let name = String(message[found.upperBound..<end])
        let rest = message[end...].drop { $0 != "\n" }
        let advice =
            known[name].map { ": \($0)." }
            ?? nearest(to: name, among: flags(arguments).filter { $0 != name }).map { ". Did you mean '--\($0)'?" }
        return message[...end] + (advice ?? ".") + rest
    }

    /// The names of the flags of the command that the arguments begin with.
    private static func flags(_ arguments: [String]) -> [String] {
        let word = arguments.first { !$0.hasPrefix("-") }
        let command = Emoscope.configuration.subcommands.first { Emoscope.name(of: $0) == word } ?? Watch.self
        let words = Emoscope.helpMessage(for: command).split { !($0.isLetter || $0 == "-") }
        return Set(words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }).sorted()
    }
}
