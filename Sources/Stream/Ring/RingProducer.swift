import Synchronization

/// The producer's side of the ring buffer: it writes frames up to a limit, and counts captured and lost frames for the
/// sample accounting.
///
/// All counts are of frames: a sample of each channel. One thread uses it at a time: the capture thread, or a thread
/// that has waited for the capture thread's end.
package final class RingProducer: Sendable {
    private let ring: SampleRing
    private let channels: Int
    /// Whether the source offers refused samples again, as a file read at full speed does; they are then not lost.
    private let waits: Bool
    private let remaining: Atomic<Int>
    private let heard = Atomic<Int>(0)
    private let missing = Atomic<Int>(0)

    /// - Parameters:
    ///   - channels: Number of channels, whose samples are interleaved in the ring.
    ///   - limit: Frames after which the stream ends; nil for no limit.
    package init(ring: SampleRing, channels: Int = 1, limit: Int?, waits: Bool) {
        self.ring = ring
        self.channels = channels
        self.waits = waits
        remaining = Atomic(limit ?? .max)
    }

    /// Whether the stream has reached its limit.
    package var isClosed: Bool { remaining.load(ordering: .relaxed) == 0 }

    /// Frames of the stream so far, lost ones included.
    package var captured: Int { heard.load(ordering: .relaxed) + lost }

    /// Frames lost on the way to the ring.
    package var lost: Int { missing.load(ordering: .relaxed) }

    /// Frames that wait in the ring to be read; the other thread may change it at any time.
    package var waiting: Int { ring.available / channels }

    /// Writes whole frames to the ring, and returns how many of the samples it took. Samples past the limit count as
    /// taken, because they are no part of the stream.
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

    /// Records that `samples` frames were lost before the next ones.
    package func lose(_ samples: Int, _ cause: LossCause) {
        let left = remaining.load(ordering: .relaxed)
        let count = min(left, samples)
        ring.lose(count, cause)
        remaining.store(left - count, ordering: .relaxed)
        missing.wrappingAdd(count, ordering: .relaxed)
    }

    /// Publishes a loss for which the ring had no room before, and returns whether none is left.
    package func flush() -> Bool { ring.flush() }
}
