import EmotionCore

/// A recording as its file's name describes it.
struct Utterance: Equatable {
    /// The emotion that the actor was asked for, or that the annotators heard.
    enum Content: Equatable {
        case emotion(Emotion)
        /// None of the four labels; the text names what it is: another emotion, a song.
        case other(String)
    }

    /// An identity that all copies of the recording share, whatever their folder and format.
    let id: String
    /// The speaker's name, unique over corpora: it begins with the corpus's name.
    let speaker: String
    let content: Content

    init(_ id: some StringProtocol, speaker: String, _ content: Content) {
        self.id = String(id)
        self.speaker = speaker
        self.content = content
    }
}

/// A scheme by which a corpus names its recordings.
protocol FileNaming {
    /// An example of a name, for messages.
    static var example: String { get }

    /// Parses a file's name; nil where the corpus has no such name.
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
