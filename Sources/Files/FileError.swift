import EmotionCore
import Glibc

/// An output file that cannot be created or written: what was tried on which file, what is wrong, and what would work.
public struct FileError: Error, Equatable, Sendable {
    /// The path as it was given.
    public let path: String
    /// The operation that failed, as a verb: "create", "write".
    public let attempt: String
    /// What is wrong, in words.
    public let problem: String
    /// What would work; empty if nothing is known to work.
    public let advice: String
    /// The value of `errno`; 0 for an error that no system call returned.
    public let code: Int32

    /// Creates an error that no system call returned.
    public init(_ path: String, cannot attempt: String, because problem: String, advice: String = "") {
        self.path = path
        self.attempt = attempt
        self.problem = problem
        self.advice = advice
        code = 0
    }

    /// Creates an error from the `errno` of a system call.
    ///
    /// - Parameter advice: What would work where the disk is full; by default that of a file that grows row by row.
    public init(
        _ path: String, cannot attempt: String, errno code: Int32,
        whenFull advice: String = "free some room; what was written before is kept"
    ) {
        self.path = path
        self.attempt = attempt
        problem = unsafe String(cString: strerror(code))
        self.advice = Self.advice(code, whenFull: advice)
        self.code = code
    }

    /// Whether the file is a pipe that its reader has closed, as `head` does after its last line.
    public var isClosedPipe: Bool { code == EPIPE }

    private static func advice(_ code: Int32, whenFull: String) -> String {
        switch code {
        case ENOENT, ENOTDIR: "its folder does not exist; make it first"
        case EACCES, EPERM, EROFS: "choose a folder that you may write to"
        case ENOSPC, EDQUOT: whenFull
        case EISDIR: "give the name of a file in it"
        default: ""
        }
    }
}

extension FileError: CustomStringConvertible {
    /// One line, such as `cannot create "talk.csv": it exists already; choose another name, or --force to replace it`.
    public var description: String {
        printable("cannot \(attempt) \"\(path)\": \(problem)" + (advice.isEmpty ? "" : "; \(advice)"))
    }
}
