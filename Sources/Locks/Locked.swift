import Foundation

/// A value that one thread at a time may touch.
///
/// What `Synchronization.Mutex` is, over a POSIX mutex: the part of `Mutex` that waits lies in a library that
/// ThreadSanitizer does not see into, so that under load it takes what the lock protects for a race.
public final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    public init(_ value: sending Value) {
        self.value = value
    }

    /// Waits for the value, and has it alone until `body` returns. Not for the real-time thread.
    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
