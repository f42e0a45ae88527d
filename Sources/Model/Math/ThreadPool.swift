import CEmotionKernels

/// What a pool does with each index. A structure and not a closure: one that threads call would have to be allocated.
protocol ParallelTask {
    /// May write only what no other index touches, and must not call `forEach`.
    ///
    /// - Parameter serial: A pool of one that is the calling thread's own.
    /// - Parameter worker: The thread's number in 0..<threads.
    func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int)
}

/// Threads of one engine, the caller's included, with the scratch memory that its kernels need. They sleep while there
/// is nothing to do. One caller at a time.
@safe final class ThreadPool {
    @unsafe let handle: OpaquePointer
    let threads: Int
    /// Multiply-accumulates that this pool has been given, its members' not counted; for measurements.
    private(set) var ownMACs = 0
    /// A pool of one for each thread, for what one thread computes inside `forEach`.
    private let members: [ThreadPool]

    /// - Parameter threads: at least 1; fewer where the system gives fewer.
    init(threads: Int) {
        guard let handle = unsafe ck_pool_create(max(1, threads)) else { fatalError("no memory for a thread's state") }
        unsafe self.handle = handle
        let count = unsafe ck_pool_threads(handle)
        self.threads = count
        members = count == 1 ? [] : (0..<count).map { _ in ThreadPool(threads: 1) }
    }

    deinit { unsafe ck_pool_destroy(handle) }

    /// Bytes of scratch memory.
    var scratchBytes: Int {
        unsafe ck_pool_scratch_bytes(handle) + members.reduce(0) { $0 + $1.scratchBytes }
    }

    /// Multiply-accumulates that were computed so far. Not while `forEach` runs.
    var macs: Int { ownMACs + members.reduce(0) { $0 + $1.macs } }

    /// Notes a product of that size.
    func count(rows: Int, outputs: Int, depth: Int) { ownMACs &+= rows * outputs * depth }

    /// Does `work` for each index in 0..<count, on all threads, and returns when all is done. Allocates nothing.
    func forEach<Work: ParallelTask>(_ count: Int, _ work: Work) {
        guard threads > 1, count > 1 else {
            for index in 0..<count { work(index, serial: members.first ?? self, worker: 0) }
            return
        }
        unsafe withUnsafePointer(to: work) { work in
            let call = unsafe Call(kind: Work.self, work: UnsafeRawPointer(work), members: members)
            unsafe withUnsafePointer(to: call) { call in
                unsafe ck_pool_run(
                    handle, count,
                    { context, index, worker in
                        let call = unsafe context!.assumingMemoryBound(to: Call.self).pointee
                        unsafe call.kind.perform(call.work, index, serial: call.members[worker], worker: worker)
                    }, UnsafeMutableRawPointer(mutating: call))
            }
        }
    }

    /// Waits until every thread of the pool has called it as often. Only in work that `forEach` does for as many indices as
    /// there are threads, each of which calls it equally often.
    func barrier() { unsafe ck_pool_barrier(handle) }

    /// Whether barriers are worth while: there are several threads, and no barrier of late had to wait for a thread that other
    /// programs kept from running. To be asked once before each work with barriers.
    func barriersPay() -> Bool { unsafe ck_pool_barriers_pay(handle) != 0 }

    /// Work of a kind that the C function which calls back cannot name.
    @unsafe private struct Call {
        let kind: any ParallelTask.Type
        let work: UnsafeRawPointer
        let members: [ThreadPool]
    }
}

extension ParallelTask {
    /// - Precondition: `work` points to a `Self`.
    @unsafe fileprivate static func perform(_ work: UnsafeRawPointer, _ index: Int, serial: ThreadPool, worker: Int) {
        unsafe work.assumingMemoryBound(to: Self.self).pointee(index, serial: serial, worker: worker)
    }
}
