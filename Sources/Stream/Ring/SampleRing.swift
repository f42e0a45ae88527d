import Synchronization

/// A lock-free ring of samples between one producer thread and one consumer thread, which also carries what is missing
/// between the samples: `lose(_:_:)` on one side, `takeLoss()` at the very same place on the other.
///
/// The producer is the capture thread: `write(_:)` and `lose(_:_:)` allocate nothing, lock nothing and never wait.
/// Positions are 64-bit counts of samples since the start, so they never wrap in practice, and the slot of a position is
/// its low bits; the capacity is therefore a power of two.
///
/// Order of memory: the producer publishes samples by a releasing store of `written`, the consumer hands room
/// back by a releasing store of `consumed`; each side reads the other's position with acquire. Losses have such a pair
/// of their own. A loss is published before the samples behind it, and the consumer looks for losses after it
/// has looked for samples, so it never reads past one.
///
/// It is unchecked because it owns raw memory that two threads share.
@safe public final class SampleRing: @unchecked Sendable {
    private struct Mark {
        /// Samples written before it.
        var position = 0
        var loss = Loss(samples: 0, cause: .overrun)
    }

    /// Number of samples the ring holds, a power of two.
    public let capacity: Int

    private let slots: UnsafeMutablePointer<Float>
    private let mask: Int
    private let written = Atomic<Int>(0)
    private let consumed = Atomic<Int>(0)

    /// Losses that the ring holds; while it is full of them it takes no samples, so that their places stay exact.
    private static let markCapacity = 64
    private let marks: UnsafeMutablePointer<Mark>
    private let marked = Atomic<Int>(0)
    private let unmarked = Atomic<Int>(0)
    /// The producer's: a loss that found no room yet.
    private var pending: Loss?

    /// A ring of at least `minimumCapacity` samples (rounded up to a power of two, at least 2).
    public init(minimumCapacity: Int) {
        var capacity = 2
        while capacity < minimumCapacity { capacity *= 2 }
        self.capacity = capacity
        mask = capacity - 1
        unsafe slots = .allocate(capacity: capacity)
        unsafe slots.initialize(repeating: 0, count: capacity)
        unsafe marks = .allocate(capacity: Self.markCapacity)
        unsafe marks.initialize(repeating: Mark(), count: Self.markCapacity)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe marks.deallocate()
    }

    /// Samples written and not yet read. Exact on either side's own thread at the moment it looks.
    public var available: Int {
        written.load(ordering: .acquiring) - consumed.load(ordering: .acquiring)
    }

    /// Whether there is neither a sample to read nor a loss to take.
    public var isEmpty: Bool {
        available == 0 && marked.load(ordering: .acquiring) == unmarked.load(ordering: .acquiring)
    }

    // MARK: Producer

    /// Copies as many of `samples` as there is room for and returns how many that were.
    public func write(_ samples: UnsafeBufferPointer<Float>) -> Int {
        guard publishPending() else { return 0 }
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

    /// So many samples of each channel are missing behind those written so far. Where the ring holds too many losses already they become
    /// one with the next.
    public func lose(_ samples: Int, _ cause: LossCause) {
        guard samples > 0 else { return }
        pending = Loss(samples: (pending?.samples ?? 0) + samples, cause: pending?.cause ?? cause)
        _ = publishPending()
    }

    /// Whether every loss is published.
    public func flush() -> Bool { publishPending() }

    /// Whether no loss waits to be published any more.
    private func publishPending() -> Bool {
        guard let loss = pending else { return true }
        let index = marked.load(ordering: .relaxed)
        guard index - unmarked.load(ordering: .acquiring) < Self.markCapacity else { return false }
        unsafe marks[index % Self.markCapacity] = Mark(position: written.load(ordering: .relaxed), loss: loss)
        marked.store(index + 1, ordering: .releasing)
        pending = nil
        return true
    }

    // MARK: Consumer

    /// Moves up to `destination.count` samples into `destination` and returns how many; stops at a loss.
    public func read(into destination: UnsafeMutableBufferPointer<Float>) -> Int {
        let start = consumed.load(ordering: .relaxed)
        let end = written.load(ordering: .acquiring)
        let count = min(min(end, nextMark?.position ?? end) - start, destination.count)
        guard count > 0, let target = destination.baseAddress else { return 0 }
        let first = min(count, capacity - (start & mask))
        unsafe copy(slots + (start & mask), to: target, count: first)
        unsafe copy(slots, to: target + first, count: count - first)
        consumed.store(start + count, ordering: .releasing)
        return count
    }

    /// The loss that lies before the next sample to read, if any.
    public func takeLoss() -> Loss? {
        guard let mark = nextMark, mark.position == consumed.load(ordering: .relaxed) else { return nil }
        unmarked.store(unmarked.load(ordering: .relaxed) + 1, ordering: .releasing)
        return mark.loss
    }

    private var nextMark: Mark? {
        let index = unmarked.load(ordering: .relaxed)
        guard index < marked.load(ordering: .acquiring) else { return nil }
        return unsafe marks[index % Self.markCapacity]
    }

    /// A plain loop: at these sizes as fast as `memmove`, whose accesses ThreadSanitizer would not see.
    private func copy(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { unsafe target[index] = source[index] }
    }
}
