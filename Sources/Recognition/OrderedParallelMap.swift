import Dispatch
import EmotionCore

/// Calls `transform` for batches of consecutive items on several threads, and `receive` on this one for each result, in the
/// items' order.
///
/// An error of `receive` ends it: no further batch is begun.
///
/// - Parameter batchSize: Items of a batch; less where there would be fewer than four batches a thread.
/// - Parameter makeWorker: Called once on each thread; what it makes is used on that thread alone.
/// - Parameter transform: Gives a result for each item of its batch.
func orderedParallelMap<Item: Sendable, Worker, Output: Sendable, Stop: Error>(
    _ items: [Item], batchSize: Int, workers: Int, makeWorker: @escaping @Sendable () -> Worker,
    transform: @escaping @Sendable (Worker, ArraySlice<Item>) -> [Output],
    receive: (Item, Output) throws(Stop) -> Void
) throws(Stop) {
    // Four batches a thread or more let all threads end at about the same time.
    let size = max(1, min(batchSize, items.count / (workers * 4)))
    let batches = stride(from: 0, to: items.count, by: size).map { items[$0..<min($0 + size, items.count)] }
    func deliver(_ results: [Output], of batch: ArraySlice<Item>) throws(Stop) {
        for (item, result) in zip(batch, results) { try receive(item, result) }
    }
    let queue = BatchQueue<[Output]>(count: batches.count, ahead: workers * 8)
    let threads = (0..<(workers > 1 ? workers : 0)).compactMap { _ in
        WorkerThread(name: "emoscope-batch") {
            let worker = makeWorker()
            while let index = queue.next() { queue.put(transform(worker, batches[index]), at: index) }
        }
    }
    defer { queue.stop() }
    guard !threads.isEmpty else {
        let worker = makeWorker()
        for batch in batches { try deliver(transform(worker, batch), of: batch) }
        return
    }
    for (index, batch) in batches.enumerated() { try deliver(queue.result(of: index), of: batch) }
}

/// The batches to be done, and their results until they are taken.
private final class BatchQueue<Output: Sendable>: Sendable {
    private let state: Locked<(begun: Int, results: [Int: Output])> = Locked((0, [:]))
    private let count: Int
    /// Signalled for each batch that may be begun.
    private let room = DispatchSemaphore(value: 0)
    /// Signalled for each batch that is done.
    private let done: [DispatchSemaphore]

    /// - Parameter ahead: Batches that may be begun before the result of the first of them is taken.
    init(count: Int, ahead: Int) {
        self.count = count
        done = (0..<count).map { _ in DispatchSemaphore(value: 0) }
        for _ in 0..<ahead { room.signal() }
    }

    /// The next batch to be done, as soon as it may be begun; nil after the last.
    func next() -> Int? {
        room.wait()
        return state.withLock { state in
            guard state.begun < count else {
                // Nobody else waits for long either.
                room.signal()
                return nil
            }
            state.begun += 1
            return state.begun - 1
        }
    }

    func put(_ result: Output, at index: Int) {
        state.withLock { $0.results[index] = result }
        done[index].signal()
    }

    /// Waits for the result of a batch, whose place another may then take.
    func result(of index: Int) -> Output {
        done[index].wait()
        defer { room.signal() }
        return state.withLock { state in
            guard let result = state.results.removeValue(forKey: index) else {
                preconditionFailure("the result of batch \(index) was taken before")
            }
            return result
        }
    }

    /// Lets no further batch be begun.
    func stop() {
        state.withLock { $0.begun = count }
        room.signal()
    }
}
