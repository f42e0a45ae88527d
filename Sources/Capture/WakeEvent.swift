import CEmotionALSA
import Glibc
import Synchronization

/// Tells a thread to end, and wakes it from any wait for it: a flag and a descriptor that `poll` can watch.
final class WakeEvent: Sendable {
    /// Readable once `signal()` was called. Never read, so it stays so.
    let descriptor: Int32
    private let raised = Atomic<Bool>(false)

    /// - Returns: nil when the process has no descriptor left.
    init?() {
        descriptor = calsa_event_open()
        guard descriptor >= 0 else { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    var isSignalled: Bool { raised.load(ordering: .acquiring) }

    func signal() {
        raised.store(true, ordering: .releasing)
        calsa_event_signal(descriptor)
    }

    /// Sleeps until the monotonic clock shows `deadline` nanoseconds or the event is signalled.
    ///
    /// - Returns: Whether it was signalled.
    @discardableResult
    func wait(until deadline: Int) -> Bool {
        while !isSignalled {
            let left = deadline - monotonicNanoseconds()
            guard left > 0 else { break }
            calsa_event_wait(descriptor, left)
        }
        return isSignalled
    }
}
