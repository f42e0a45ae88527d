import Foundation

/// Work on many items at once, whose results come one by one in the items' order.
enum InOrder {
    /// Bunches of results that a thread may be ahead of the one that is waited for.
    private static let ahead = 8
    /// Bunches that each thread gets at least, so that all end at about the same time.
    private static let fewest = 4

    /// Calls `work` for bunches of consecutive items on `workers` threads, and `take` for each result on this one.
    ///
    /// An error of `take` ends it all: nothing more is begun.
    ///
    /// - Parameter together: Items of a bunch; less where there would be too few bunches for the threads.
    /// - Parameter makeWorker: Called once on each thread; what it gives is that thread's alone.
    /// - Parameter work: Gives a result for each item of its bunch.
    static func each<Item: Sendable, Worker, Output: Sendable, Stop: Error>(
        _ items: [Item], together: Int = 1, workers: Int, makeWorker: @escaping @Sendable () -> Worker,
        work: @escaping @Sendable (Worker, ArraySlice<Item>) -> [Result<Output, any Error>],
        take: (Item, Result<Output, any Error>) throws(Stop) -> Void
    ) throws(Stop) {
        let size = max(1, min(together, items.count / (workers * fewest)))
        let bunches = stride(from: 0, to: items.count, by: size).map { items[$0..<min($0 + size, items.count)] }
        func deliver(_ results: [Result<Output, any Error>], of bunch: ArraySlice<Item>) throws(Stop) {
            for (item, result) in zip(bunch, results) { try take(item, result) }
        }
        guard workers > 1 else {
            let worker = makeWorker()
            for bunch in bunches { try deliver(work(worker, bunch), of: bunch) }
            return
        }
        let queue = Queue<[Result<Output, any Error>]>(count: bunches.count, room: workers * ahead)
        for _ in 0..<workers {
            let thread = Thread {
                let worker = makeWorker()
                while let index = queue.nextIndex() { queue.put(work(worker, bunches[index]), at: index) }
            }
            // As much as the main thread has: a network's layers were only ever tried on that.
            thread.stackSize = 8 << 20
            thread.start()
        }
        defer { queue.stop() }
        for bunch in bunches { try deliver(queue.nextResult(), of: bunch) }
    }

    /// Indices to be done, and results until they are taken.
    private final class Queue<Output: Sendable>: @unchecked Sendable {
        private let condition = NSCondition()
        private let count: Int
        private let room: Int
        private var begun = 0
        private var taken = 0
        private var results: [Int: Output] = [:]

        init(count: Int, room: Int) {
            (self.count, self.room) = (count, room)
        }

        /// The next index to be done, as soon as it is not too far ahead; nil after the last.
        func nextIndex() -> Int? {
            condition.lock()
            defer { condition.unlock() }
            while begun < count, begun >= taken + room { condition.wait() }
            guard begun < count else { return nil }
            begun += 1
            return begun - 1
        }

        /// Nothing more is begun.
        func stop() {
            condition.lock()
            defer { condition.unlock() }
            begun = count
            condition.broadcast()
        }

        func put(_ result: Output, at index: Int) {
            condition.lock()
            defer { condition.unlock() }
            results[index] = result
            condition.broadcast()
        }

        /// Waits for the result of the next index.
        func nextResult() -> Output {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let result = results.removeValue(forKey: taken) {
                    taken += 1
                    condition.broadcast()
                    return result
                }
                condition.wait()
            }
        }
    }
}
