/// How many voices share a channel.
public enum SpeakerCount: Equatable, Sendable {
    /// So many, 1 to 8.
    case exactly(Int)
    /// As many as are found, at most 4.
    case automatic

    /// The counts that `exactly` takes.
    package static let range = 1...8
    /// The most voices that `automatic` finds.
    package static let mostFound = 4

    private static let automaticWord = "auto"

    /// Reads a count as the command line and the description of a session write it: `1` to `8`, or `auto`.
    package init?(word: String) {
        if word == Self.automaticWord {
            self = .automatic
        } else if let count = Self.range.first(where: { String($0) == word }) {
            self = .exactly(count)
        } else {
            return nil
        }
    }

    /// The count as the command line writes it.
    package var word: String {
        switch self {
        case .exactly(let count): String(count)
        case .automatic: Self.automaticWord
        }
    }

    /// Whether more than one voice may share the channel.
    package var areSeveral: Bool { self != .exactly(1) }

    /// The most voices that a channel has rows of.
    package var most: Int {
        switch self {
        case .exactly(let count): count
        case .automatic: Self.mostFound
        }
    }
}
