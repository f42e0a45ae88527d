import Foundation

/// Work on many items at once, whose results come one by one in the items' order.
enum InOrder {
    /// Results that a thread may be ahead of the one that is waited for.
    private static let ahead = 64

    /// Calls `work` for each item on `workers` threads, and `take` for each result on this one.
    ///
    /// An error of `take` ends it all: nothing more is begun.
    ///
    /// - Parameter makeWorker: Called once on each thread; what it gives is that thread's alone.
    static func each<Item: Sendable, Worker, Output: Sendable, Stop: Error>(
        _ items: [Item], workers: Int, makeWorker: @escaping @Sendable () -> Worker,
        work: @escaping @Sendable (Worker, Item) throws -> Output,
        take: (Item, Result<Output, any Error>) throws(Stop) -> Void
    ) throws(Stop) {
        guard workers > 1 else {
            let worker = makeWorker()
            for item in items { try take(item, Result { try work(worker, item) }) }
            return
        }
        let queue = Queue<Output>(count: items.count, room: workers * ahead)
        for _ in 0..<workers {
            let thread = Thread {
                let worker = makeWorker()
                while let index = queue.nextIndex() {
                    queue.put(Result { try work(worker, items[index]) }, at: index)
                }
            }
            // As much as the main thread has: a network's layers were only ever tried on that.
            thread.stackSize = 8 << 20
            thread.start()
        }
        defer { queue.stop() }
        for item in items { try take(item, queue.nextResult()) }
    }

    /// Indices to be done, and results until they are taken.
    private final class Queue<Output: Sendable>: @unchecked Sendable {
        private let condition = NSCondition()
        private let count: Int
        private let room: Int
        private var begun = 0
        private var taken = 0
        private var results: [Int: Result<Output, any Error>] = [:]

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

        func put(_ result: Result<Output, any Error>, at index: Int) {
            condition.lock()
            defer { condition.unlock() }
            results[index] = result
            condition.broadcast()
        }

        /// Waits for the result of the next index.
        func nextResult() -> Result<Output, any Error> {
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
