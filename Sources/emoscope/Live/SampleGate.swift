import Capture
import Stream
import Synchronization

/// Lets a given number of samples into the ring and then no more, to the sample. Runs on the capture thread.
final class SampleGate: Sendable {
    private let ring: SampleRing
    private let remaining: Atomic<Int>

    /// `limit`: samples, or nil for no end.
    init(ring: SampleRing, limit: Int?) {
        self.ring = ring
        remaining = Atomic(limit ?? .max)
    }

    var isClosed: Bool { remaining.load(ordering: .relaxed) == 0 }

    /// What is past the limit counts as taken: nothing is missing from what was asked for.
    func take(_ samples: UnsafeBufferPointer<Float>) -> Int {
        let left = remaining.load(ordering: .relaxed)
        let wanted = min(left, samples.count)
        let taken = unsafe ring.write(UnsafeBufferPointer(rebasing: samples[..<wanted]))
        remaining.store(left - taken, ordering: .relaxed)
        return taken == wanted ? samples.count : taken
    }
}
