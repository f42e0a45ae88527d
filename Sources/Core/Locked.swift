import Glibc

/// A value behind a lock: one thread at a time accesses it.
///
/// It has the interface of `Synchronization.Mutex`, over a POSIX mutex. ThreadSanitizer does not see the waiting part
/// of `Mutex`, which is in a separate library, and under load reports a race on the protected value.
///
/// It is unchecked because it owns raw memory: a POSIX mutex must not move.
@safe package final class Locked<Value>: @unchecked Sendable {
    @unsafe private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    /// Creates a lock around a value.
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

    /// Waits for the lock and calls `body` with the value. A real-time thread must not call this.
    package func withLock<Result, Failure>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
