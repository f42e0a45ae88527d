import Dispatch
import EmotionCore

/// Calls `transform` for batches of consecutive items on several threads, and `receive` on the calling thread for each
/// result, in the order of the items.
///
/// If `receive` throws, no further batch is started, and the error is rethrown.
///
/// - Parameter batchSize: Items in a batch; batches are smaller if there would be fewer than four for each thread.
/// - Parameter makeWorker: A function called once on each thread, which creates a worker used on that thread alone.
/// - Parameter transform: A function that returns a result for each item of a batch.
func orderedParallelMap<Item: Sendable, Worker, Output: Sendable, Stop: Error>(
    _ items: [Item], batchSize: Int, workers: Int, makeWorker: @escaping @Sendable () -> Worker,
    transform: @escaping @Sendable (Worker, ArraySlice<Item>) -> [Output],
    receive: (Item, Output) throws(Stop) -> Void
) throws(Stop) {
    // With at least four batches for each thread, all threads end at about the same time.
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

/// A queue of batches to be processed, and of their results until they are taken.
private final class BatchQueue<Output: Sendable>: Sendable {
    private let state: Locked<(begun: Int, results: [Int: Output])> = Locked((0, [:]))
    private let count: Int
    /// A semaphore that counts the batches that may be started.
    private let room = DispatchSemaphore(value: 0)
    /// A semaphore for each batch, signalled once its result is there.
    private let done: [DispatchSemaphore]

    /// Creates a queue of `count` batches.
    ///
    /// - Parameter ahead: The maximum number of batches that are started and whose results are not taken yet.
    init(count: Int, ahead: Int) {
        self.count = count
        done = (0..<count).map { _ in DispatchSemaphore(value: 0) }
        for _ in 0..<ahead { room.signal() }
    }

    /// Waits until a batch may be started and returns its index; nil after the last.
    func next() -> Int? {
        room.wait()
        return state.withLock { state in
            guard state.begun < count else {
                // Wakes the next waiting thread, which then ends too.
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

    /// Waits for the result of a batch, takes it, and lets one more batch be started.
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

    /// Prevents further batches from being started, and wakes the threads that wait.
    func stop() {
        state.withLock { $0.begun = count }
        room.signal()
    }
}
