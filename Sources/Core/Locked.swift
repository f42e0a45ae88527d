import Glibc

/// A value that one thread at a time may touch.
///
/// It is what `Synchronization.Mutex` is, over a POSIX mutex: the part of `Mutex` that waits lies in a library that
/// ThreadSanitizer does not see into, so that under load it takes what the lock protects for a race.
@safe package final class Locked<Value>: @unchecked Sendable {
    // Owns raw memory: a mutex must not move.
    @unsafe private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Waits for the value, and has it alone until `body` returns. Not for the real-time thread.
    package func withLock<Result, Failure>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
