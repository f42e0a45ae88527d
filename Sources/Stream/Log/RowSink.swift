import Glibc

/// Somewhere that rows go. Called on the session's queue only, in the order of the rows.
public protocol RowSink: AnyObject, Sendable {
    /// Takes a row; when it returns, the row is out of this process's hands.
    func write(_ row: Row) throws(LogError)
}

/// A log could not be opened or written.
public struct LogError: Error, CustomStringConvertible, Sendable {
    /// The file, or what stands for it.
    public let path: String
    /// What was tried, what the system said, what would help.
    public let description: String
    /// Whether it was a pipe whose reader has gone, as `head` does when it has seen enough.
    public let isClosedPipe: Bool

    init(path: String, _ operation: String, errno code: Int32, advice: String = "") {
        self.path = path
        isClosedPipe = code == EPIPE
        let reason = unsafe String(cString: strerror(code))
        description = "cannot \(operation) \"\(path)\": \(reason)" + (advice.isEmpty ? "" : "; \(advice)")
    }

    init(path: String, _ description: String) {
        self.path = path
        isClosedPipe = false
        self.description = description
    }
}
