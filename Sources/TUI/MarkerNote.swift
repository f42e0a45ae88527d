import EmotionCore

/// The entry that the key `M` opens: the note of a marker, which is set once the note is complete.
struct MarkerNote: Equatable, Sendable {
    /// The greatest number of characters of a note.
    static let longest = 80

    /// Stream seconds at which the key was pressed.
    let time: Double
    /// The text that was typed.
    private(set) var text = ""

    init(time: Double) {
        self.time = time
    }

    /// Applies one key. A note without text is a marker without a name of its own.
    mutating func reduce(_ key: Key) -> EntryOutcome {
        switch key {
        case .escape: return .cancelled
        case .enter: return .done(.notedMarker(note: String(text.trimming(" ")), time: time))
        case .backspace: text = String(text.dropLast())
        case .character(let character)
        where text.count < Self.longest && character.unicodeScalars.allSatisfy(\.isPrintable):
            text.append(character)
        default: break
        }
        return .open
    }
}
