import CEmotionALSA
import EmotionCore
import Glibc

/// A named, joinable POSIX thread that no signal interrupts: signals are for the main thread.
final class WorkerThread: Sendable {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private let thread: pthread_t
    private let joined = Locked(false)

    /// - Parameter name: At most 15 bytes, Linux's limit; shown by `top -H` and debuggers.
    /// - Returns: nil when the system has no thread left.
    init?(name: String, _ body: @escaping @Sendable () -> Void) {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var everything = sigset_t()
        var previous = sigset_t()
        var thread = pthread_t()
        // A new thread inherits the mask: block all signals, start it, put ours back.
        unsafe sigfillset(&everything)
        unsafe pthread_sigmask(SIG_SETMASK, &everything, &previous)
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                unsafe calsa_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        self.thread = thread
        guard code == 0 else {
            unsafe start.release()
            return nil
        }
    }

    /// Waits for the end of the thread; a second call returns at once.
    func join() {
        joined.withLock { joined in
            guard !joined else { return }
            joined = true
            pthread_join(thread, nil)
        }
    }

    /// The priority of a real-time thread, in Linux's 1…99.
    static let realTimePriority: Int32 = 10

    /// Gives the calling thread a modest real-time priority, above all normal threads and below the kernel's own.
    ///
    /// - Returns: Whether the system allowed it; it needs `CAP_SYS_NICE` or an `rtprio` limit (`ulimit -r`).
    static func raiseToRealTime() -> Bool {
        var parameters = sched_param()
        parameters.sched_priority = realTimePriority
        return unsafe pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0
    }
}

/// Nanoseconds of the monotonic clock.
func monotonicNanoseconds() -> Int {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1_000_000_000 + now.tv_nsec
}
