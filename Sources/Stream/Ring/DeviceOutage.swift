import EmotionCore
import Synchronization

/// An outage of the microphone, whose time is added to the stream as lost samples while it passes.
package final class DeviceOutage: Sendable {
    private let producer: RingProducer
    /// End of the last captured sound, in nanoseconds of the monotonic clock.
    private let since: Int
    private let clock: SessionClock
    private let filled = Atomic<Int>(0)
    private let hasEnded = Atomic<Bool>(false)

    package init(producer: RingProducer, since: Int, clock: SessionClock = .system) {
        self.producer = producer
        self.since = since
        self.clock = clock
    }

    /// Adds lost samples up to `moment` of the monotonic clock, in nanoseconds. Called by the ring's producer only;
    /// real-time safe.
    package func fill(until moment: Int) {
        let due = max(0, (moment - since) / 1000 * AudioFormat.sampleRate / 1_000_000)
        let before = filled.load(ordering: .relaxed)
        guard due > before else { return }
        producer.lose(due - before, .deviceLost)
        filled.store(due, ordering: .relaxed)
    }

    /// Whether the outage has ended. A thread that reads true also sees the samples added before.
    package var isOver: Bool { hasEnded.load(ordering: .acquiring) }

    /// Ends the outage now, at the beginning of the stream's next `frames` frames. Later calls do nothing.
    package func end(before frames: Int) {
        guard !isOver else { return }
        defer { hasEnded.store(true, ordering: .releasing) }
        fill(until: clock.now() - frames * 1_000_000_000 / AudioFormat.sampleRate)
    }
}
