import ArgumentParser

/// Two names after an option, as in `--merge A C`.
///
/// The argument parser gives an option one word, or all words up to the next option, which would be lost count of where
/// the option is repeated. `joined` therefore makes the two words one before they are parsed.
struct NamePair: ExpressibleByArgument {
    let first: String
    let second: String

    /// The options that are followed by two names.
    private static let options = ["--merge", "--rename"]
    /// A character that no argument of a process can hold.
    private static let separator: Character = "\0"

    /// - Returns: nil where `argument` is not made by `joined`, because a word is missing.
    init?(argument: String) {
        let words = argument.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard words.count == 2 else { return nil }
        (first, second) = (String(words[0]), String(words[1]))
    }

    /// Joins each option in `options` and the two names after it to one argument.
    static func joined(_ arguments: [String]) -> [String] {
        var joined: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let words = rest.prefix(2)
            guard options.contains(argument), words.count == 2, !words.contains(where: isOption) else {
                joined.append(argument)
                continue
            }
            rest = rest.dropFirst(2)
            joined.append(argument + "=" + words.joined(separator: String(separator)))
        }
        return joined
    }

    /// Whether a word is an option rather than a name, which may begin with a hyphen.
    private static func isOption(_ word: String) -> Bool { word.hasPrefix("--") || ["-o", "-h"].contains(word) }
}
