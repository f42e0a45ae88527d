import Synchronization

/// A lock-free ring of samples between one producer thread and one consumer thread.
///
/// The producer is the capture thread: `write(_:)` allocates nothing, locks nothing and never waits. Positions
/// are 64-bit counts of samples since the start, so they never wrap in practice, and the slot of a position is
/// its low bits; the capacity is therefore a power of two.
///
/// Order of memory: the producer publishes samples by a releasing store of `written`, the consumer hands room
/// back by a releasing store of `consumed`; each side reads the other's position with acquire.
@safe public final class SampleRing: @unchecked Sendable {
    /// Number of samples the ring holds, a power of two.
    public let capacity: Int

    private let slots: UnsafeMutablePointer<Float>
    private let mask: Int
    private let written = Atomic<Int>(0)
    private let consumed = Atomic<Int>(0)

    /// A ring of at least `minimumCapacity` samples (rounded up to a power of two, at least 2).
    public init(minimumCapacity: Int) {
        var capacity = 2
        while capacity < minimumCapacity { capacity *= 2 }
        self.capacity = capacity
        mask = capacity - 1
        unsafe slots = .allocate(capacity: capacity)
        unsafe slots.initialize(repeating: 0, count: capacity)
    }

    deinit {
        unsafe slots.deallocate()
    }

    /// Samples written and not yet read. Exact on either side's own thread at the moment it looks.
    public var available: Int {
        written.load(ordering: .acquiring) - consumed.load(ordering: .acquiring)
    }

    /// Producer only: copies as many of `samples` as there is room for and returns how many that were.
    public func write(_ samples: UnsafeBufferPointer<Float>) -> Int {
        let end = written.load(ordering: .relaxed)
        let room = capacity - (end - consumed.load(ordering: .acquiring))
        let count = min(room, samples.count)
        guard count > 0, let source = samples.baseAddress else { return 0 }
        let first = min(count, capacity - (end & mask))
        unsafe copy(source, to: slots + (end & mask), count: first)
        unsafe copy(source + first, to: slots, count: count - first)
        written.store(end + count, ordering: .releasing)
        return count
    }

    /// Consumer only: moves up to `destination.count` samples into `destination` and returns how many.
    public func read(into destination: UnsafeMutableBufferPointer<Float>) -> Int {
        let start = consumed.load(ordering: .relaxed)
        let count = min(written.load(ordering: .acquiring) - start, destination.count)
        guard count > 0, let target = destination.baseAddress else { return 0 }
        let first = min(count, capacity - (start & mask))
        unsafe copy(slots + (start & mask), to: target, count: first)
        unsafe copy(slots, to: target + first, count: count - first)
        consumed.store(start + count, ordering: .releasing)
        return count
    }

    /// A plain loop: at these sizes as fast as `memmove`, whose accesses ThreadSanitizer would not see.
    private func copy(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { unsafe target[index] = source[index] }
    }
}
