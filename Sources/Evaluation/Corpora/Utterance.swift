import EmotionCore

/// What a corpus's naming says about one recording.
struct Utterance: Equatable {
    /// What the actor was asked for, or the annotators heard.
    enum Content: Equatable {
        case emotion(Emotion)
        /// Something that the four labels have no place for, in a word: another emotion, a song.
        case other(String)
    }

    /// The same for every copy of the recording, whatever its folder and format, and for no other recording.
    let id: String
    /// Unique over corpora: it begins with the corpus's name.
    let speaker: String
    let content: Content

    init(_ id: some StringProtocol, speaker: String, _ content: Content) {
        self.id = String(id)
        self.speaker = speaker
        self.content = content
    }
}

/// How a corpus names its recordings.
protocol FileNaming {
    /// A real name, for messages.
    static var example: String { get }

    /// What a file's name says; nil for a name that the corpus does not use.
    ///
    /// - Parameters:
    ///   - stem: The name without folder and extension.
    ///   - folder: The name of the folder that the file is in; empty at the top.
    static func utterance(_ stem: Substring, in folder: Substring) -> Utterance?
}

extension StringProtocol {
    /// Whether it is `count` digits 0 to 9.
    func isDigits(_ count: Int) -> Bool {
        utf8.count == count && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
