import EmotionCore
import Glibc

/// An output file could not be made or written: what was tried on which file, what is wrong, what would work.
public struct FileError: Error, Equatable, Sendable {
    public let path: String
    /// What was tried: "create", "write".
    public let attempt: String
    /// What is wrong, in words.
    public let problem: String
    /// What would work; empty where there is nothing better to say.
    public let advice: String
    /// The system's number for it; 0 where the refusal is ours.
    public let code: Int32

    public init(_ path: String, cannot attempt: String, because problem: String, advice: String = "") {
        self.path = path
        self.attempt = attempt
        self.problem = problem
        self.advice = advice
        code = 0
    }

    public init(_ path: String, cannot attempt: String, errno code: Int32) {
        self.path = path
        self.attempt = attempt
        problem = unsafe String(cString: strerror(code))
        advice = Self.advice(code)
        self.code = code
    }

    /// Whether it was a pipe whose reader has gone, as `head` does when it has seen enough.
    public var isClosedPipe: Bool { code == EPIPE }

    private static func advice(_ code: Int32) -> String {
        switch code {
        case ENOENT, ENOTDIR: "its folder does not exist; make it first"
        case EACCES, EPERM, EROFS: "choose a folder that you may write to"
        case ENOSPC, EDQUOT: "free some room; what was written before is kept"
        case EISDIR: "give the name of a file in it"
        default: ""
        }
    }
}

extension FileError: CustomStringConvertible {
    public var description: String {
        printable("cannot \(attempt) \"\(path)\": \(problem)" + (advice.isEmpty ? "" : "; \(advice)"))
    }
}
