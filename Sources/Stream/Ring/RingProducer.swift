import Synchronization

/// Lets a given length of stream into the ring and then no more, to the sample; and counts on the capture side what the
/// rows have to account for. All counts are of frames: a sample of each channel. Used by one producer at a time: the capture thread, or whoever has seen it end.
package final class RingProducer: Sendable {
    private let ring: SampleRing
    private let channels: Int
    /// Whether the source offers again what was refused, as a file read as fast as it goes does.
    private let waits: Bool
    private let remaining: Atomic<Int>
    private let heard = Atomic<Int>(0)
    private let missing = Atomic<Int>(0)

    /// - Parameters:
    ///   - channels: Whose samples lie in the ring in turn.
    ///   - limit: Frames, or nil for no end.
    package init(ring: SampleRing, channels: Int = 1, limit: Int?, waits: Bool) {
        self.ring = ring
        self.channels = channels
        self.waits = waits
        remaining = Atomic(limit ?? .max)
    }

    package var isClosed: Bool { remaining.load(ordering: .relaxed) == 0 }

    /// Frames of the stream so far, those lost among them.
    package var captured: Int { heard.load(ordering: .relaxed) + lost }

    /// Frames lost on the way to the ring.
    package var lost: Int { missing.load(ordering: .relaxed) }

    /// Takes samples, whole frames, and says how many. What is past the limit counts as taken: nothing is missing from
    /// what was asked for.
    package func take(_ samples: UnsafeBufferPointer<Float>) -> Int {
        let left = remaining.load(ordering: .relaxed)
        let wanted = min(left, samples.count / channels)
        // Room and content of the ring are whole frames at any time, since its capacity is even.
        let taken = unsafe ring.write(UnsafeBufferPointer(rebasing: samples[..<(wanted * channels)])) / channels
        remaining.store(left - taken, ordering: .relaxed)
        heard.wrappingAdd(taken, ordering: .relaxed)
        if taken == wanted { return samples.count }
        if !waits { lose(wanted - taken, .ringFull) }
        return taken * channels
    }

    /// So many frames are missing before the next ones.
    package func lose(_ samples: Int, _ cause: LossCause) {
        let left = remaining.load(ordering: .relaxed)
        let count = min(left, samples)
        ring.lose(count, cause)
        remaining.store(left - count, ordering: .relaxed)
        missing.wrappingAdd(count, ordering: .relaxed)
    }

    /// Whether every loss is in the ring: where it was full of them, the last may wait for room.
    package func flush() -> Bool { ring.flush() }
}
