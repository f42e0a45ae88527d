import EmotionCore

/// A sound file that cannot be opened or read: what was tried on which file, what is wrong, and what would work.
public struct SoundFileError: Error, Equatable, Sendable {
    /// The path as it was given.
    public let path: String
    /// The operation that failed, as a verb: "open", "read on", "split".
    public let attempt: String
    /// What is wrong, in words, with libsndfile's message where it helps.
    public let problem: String
    /// What would work; nil if nothing is known to work.
    public let advice: String?

    /// Creates an error.
    public init(_ path: String, cannot attempt: String, because problem: String, advice: String? = nil) {
        self.path = path
        self.attempt = attempt
        self.problem = problem
        self.advice = advice
    }
}

extension SoundFileError: CustomStringConvertible {
    /// One line, such as `cannot open "talk.wav": there is no such file; check the path`.
    public var description: String {
        printable("cannot \(attempt) \"\(path)\": \(problem)" + (advice.map { "; \($0)" } ?? ""))
    }
}
