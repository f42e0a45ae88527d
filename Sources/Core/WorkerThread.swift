import CEmotionGlibc
import Glibc

/// A named, joinable POSIX thread with all signals blocked, so that the main thread handles them.
///
/// Its stack is as large as the main thread's. A thread that nobody joined goes on after its owner has dropped it.
package final class WorkerThread: Sendable {
    private final class Start {
        let name: String
        let body: () -> Void

        init(name: String, body: @escaping () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private let thread: pthread_t
    private let isJoined = Locked(false)

    /// Starts a thread; fails when the system has no thread left.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes, Linux's limit; `top -H` and debuggers show it.
    ///   - body: The code that the thread runs. Its captures are transferred to the thread, except those that are
    ///     `Sendable`.
    package init?(name: String, _ body: sending @escaping () -> Void) {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var everything = sigset_t()
        var previous = sigset_t()
        var thread = pthread_t()
        // A thread inherits the signal mask of its creator, so all signals are blocked while it is created.
        unsafe sigfillset(&everything)
        unsafe pthread_sigmask(SIG_SETMASK, &everything, &previous)
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                unsafe cglibc_name_thread(start.name)
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

    deinit {
        isJoined.withLock { isJoined in
            if !isJoined { pthread_detach(thread) }
        }
    }

    /// Waits for the end of the thread; a second call returns at once.
    package func join() {
        isJoined.withLock { isJoined in
            guard !isJoined else { return }
            isJoined = true
            pthread_join(thread, nil)
        }
    }

    /// The priority that `raiseToRealTime` asks for, in Linux's 1…99: above all normal threads, and below the kernel's
    /// own, which have 50.
    package static let realTimePriority: Int32 = 10

    /// Gives the calling thread real-time priority.
    ///
    /// - Returns: Whether the system allowed it; it needs `CAP_SYS_NICE` or an `rtprio` limit (`ulimit -r`).
    package static func raiseToRealTime() -> Bool {
        var parameters = sched_param()
        parameters.sched_priority = realTimePriority
        return unsafe pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0
    }
}
