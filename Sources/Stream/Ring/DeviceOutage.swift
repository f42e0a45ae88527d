import EmotionCore
import Synchronization

/// The time that a microphone is away, which the stream counts as lost as it passes.
package final class DeviceOutage: Sendable {
    private let producer: RingProducer
    /// The monotonic clock, in nanoseconds, when the last sound was heard that came through.
    private let since: Int
    private let clock: SessionClock
    private let filled = Atomic<Int>(0)
    private let hasEnded = Atomic<Bool>(false)

    package init(producer: RingProducer, since: Int, clock: SessionClock = .system) {
        self.producer = producer
        self.since = since
        self.clock = clock
    }

    /// Brings the stream up to a moment, silent; real-time safe. The producer's alone, like all of the producer.
    package func fill(until moment: Int) {
        let due = max(0, (moment - since) / 1000 * AudioFormat.sampleRate / 1_000_000)
        let before = filled.load(ordering: .relaxed)
        guard due > before else { return }
        producer.lose(due - before, .deviceLost)
        filled.store(due, ordering: .relaxed)
    }

    /// Whether it has ended; what was filled until then can be seen as well.
    package var isOver: Bool { hasEnded.load(ordering: .acquiring) }

    /// The next frames of the stream, so many, end now: fills up to their beginning. Later calls do nothing.
    package func end(before frames: Int) {
        guard !isOver else { return }
        defer { hasEnded.store(true, ordering: .releasing) }
        fill(until: clock.now() - frames * 1_000_000_000 / AudioFormat.sampleRate)
    }
}
