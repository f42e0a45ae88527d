import Synchronization

/// A lock-free ring buffer of samples between one producer thread and one consumer thread. It also carries losses at
/// their exact positions between the samples: `lose(_:_:)` adds one, `takeLoss()` takes it.
///
/// The producer is the capture thread: `write(_:)` and `lose(_:_:)` allocate nothing, lock nothing and never wait.
/// Positions are 64-bit counts of samples since the start, so they never wrap in practice. The slot of a position is
/// its low bits; the capacity is therefore a power of two.
///
/// Memory order: the producer publishes samples by a releasing store of `written`, and the consumer frees room by a
/// releasing store of `consumed`; each side reads the other's position with acquire. Losses have such a pair of their
/// own. The producer publishes a loss before the samples that follow it, and the consumer checks for losses after it
/// has checked for samples, so it never reads past a loss.
///
/// It is unchecked because it owns raw memory that two threads share.
@safe public final class SampleRing: @unchecked Sendable {
    private struct Mark {
        /// Samples written before the loss.
        var position = 0
        var loss = Loss(samples: 0, cause: .overrun)
    }

    /// Number of samples the ring holds, a power of two.
    public let capacity: Int

    private let slots: UnsafeMutablePointer<Float>
    private let mask: Int
    private let written = Atomic<Int>(0)
    private let consumed = Atomic<Int>(0)

    /// Number of losses that the ring holds. When it is full of losses, it takes no samples, so that the positions stay
    /// exact.
    private static let markCapacity = 64
    private let marks: UnsafeMutablePointer<Mark>
    private let marked = Atomic<Int>(0)
    private let unmarked = Atomic<Int>(0)
    /// A loss for which there was no room yet. Used by the producer only.
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

    /// Number of samples written and not yet read; the other thread may change it at any time.
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

    /// Records that `samples` samples of each channel were lost after those written so far. Where the ring has no room
    /// for another loss, it is merged with the next one.
    public func lose(_ samples: Int, _ cause: LossCause) {
        guard samples > 0 else { return }
        pending = Loss(samples: (pending?.samples ?? 0) + samples, cause: pending?.cause ?? cause)
        _ = publishPending()
    }

    /// Publishes the pending loss, if there is room, and returns whether none is pending.
    public func flush() -> Bool { publishPending() }

    /// Publishes the pending loss, if there is room, and returns whether none is pending.
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
