import CEmotionALSA
import EmotionCore
import Glibc
import Synchronization

/// An event that asks a thread to end and wakes it from its waits: a flag, and a descriptor that `poll` can watch.
final class WakeEvent: Sendable {
    /// The descriptor, which becomes readable with `signal()` and stays so, because nothing reads it.
    let descriptor: Int32
    private let flag = Atomic<Bool>(false)

    /// Creates an event; fails when the process has no descriptor left.
    init?() {
        descriptor = calsa_event_open()
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether `signal()` was called.
    var isSignalled: Bool { flag.load(ordering: .acquiring) }

    /// Signals the event, permanently.
    func signal() {
        flag.store(true, ordering: .releasing)
        calsa_event_signal(descriptor)
    }

    /// Waits until the event is signalled or the monotonic clock reaches `deadline`, in nanoseconds.
    ///
    /// - Returns: Whether the event is signalled.
    @discardableResult
    func wait(until deadline: Int) -> Bool {
        while !isSignalled {
            let remaining = deadline - Clock.now
            guard remaining > 0 else { break }
            calsa_event_wait(descriptor, remaining)
        }
        return isSignalled
    }
}
