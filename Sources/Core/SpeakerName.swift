/// The name of a speaker, as the log, the dashboard and the user write it.
public struct SpeakerName: Hashable, Sendable, CustomStringConvertible {
    /// The most characters of a name.
    public static let longest = 24

    public let description: String

    /// Checks a name: 1…`longest` letters, digits, spaces, `-`, `_` and `.`, not a number alone, because a number stands
    /// for a lane of the dashboard, no space at an end, and nothing invisible, by which two names could look the same.
    ///
    /// - Returns: nil where it cannot name a speaker; `rule` says what can.
    public init?(_ name: String) {
        let isPlain =
            name.allSatisfy { $0.isLetter || $0.isNumber || " -_.".contains($0) }
            && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .format }
        guard isPlain, (1...Self.longest).contains(name.count), name.first != " ", name.last != " ",
            !name.allSatisfy(\.isNumber), name.unicodeScalars.count <= 4 * Self.longest
        else { return nil }
        description = name
    }

    /// The name of the speaker at an index, where nobody gave one: A, B, …, Z, A2, B2, ….
    public init(index: Int) {
        let letter = String(Unicode.Scalar(UInt8(ascii: "A") + UInt8(index % 26)))
        description = index < 26 ? letter : "\(letter)\(index / 26 + 1)"
    }

    /// What a name may be, for errors.
    public static let rule = "choose 1 to \(longest) letters, digits, spaces, -, _ and ., and not a number alone"
}
