import CEmotionKernels

/// Work that a pool runs once for each index. It is a structure, since a closure for other threads would be allocated.
protocol ParallelTask {
    /// Runs the work of one index. It may write only memory that no other index accesses, and must not call `forEach`.
    ///
    /// - Parameter serial: A pool of one thread, the calling one, for nested products.
    /// - Parameter worker: The number of the calling thread, in 0..<threads.
    func callAsFunction(_ index: Int, serial: ThreadPool, worker: Int)
}

/// The threads of one engine, the caller's included, with the scratch memory of its kernels. Idle threads sleep. One
/// caller at a time.
@safe final class ThreadPool {
    @unsafe let handle: OpaquePointer
    let threads: Int
    /// Multiply-accumulates of this pool without those of `members`, for measurements.
    private(set) var ownMACs = 0
    /// The products of this pool without those of `members`, while `products(of:)` records them.
    private var ownProducts: [MatrixProduct: Int]?
    /// A pool of one thread for each thread, for its products inside `forEach`.
    private let members: [ThreadPool]

    /// Creates a pool.
    ///
    /// - Parameter threads: At least 1; the pool is smaller if the system starts fewer.
    init(threads: Int) {
        guard let handle = unsafe ck_pool_create(max(1, threads)) else { fatalError("no memory for a thread's state") }
        unsafe self.handle = handle
        let count = unsafe ck_pool_threads(handle)
        self.threads = count
        members = count == 1 ? [] : (0..<count).map { _ in ThreadPool(threads: 1) }
    }

    deinit { unsafe ck_pool_destroy(handle) }

    /// The size of the scratch memory, in bytes.
    var scratchBytes: Int {
        unsafe ck_pool_scratch_bytes(handle) + members.reduce(0) { $0 + $1.scratchBytes }
    }

    /// Multiply-accumulates computed so far. Do not read it while `forEach` runs.
    var macs: Int { ownMACs + members.reduce(0) { $0 + $1.macs } }

    /// Counts a product.
    func count(_ product: MatrixProduct) {
        ownMACs &+= product.macs
        ownProducts?[product, default: 0] += 1
    }

    /// The products that `work` computes, and how often it computes each.
    func products(of work: () throws -> Void) rethrows -> [MatrixProduct: Int] {
        let pools = [self] + members
        for pool in pools { pool.ownProducts = [:] }
        defer { for pool in pools { pool.ownProducts = nil } }
        try work()
        return pools.reduce(into: [:]) { $0.merge($1.ownProducts ?? [:], uniquingKeysWith: +) }
    }

    /// Runs `work` for each index in 0..<count, on all threads, and returns when all are done. It allocates nothing.
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

    /// Waits until every thread of the pool has reached the same barrier. It may be called only in work that `forEach`
    /// runs for as many indices as there are threads, and equally often for each index.
    func barrier() { unsafe ck_pool_barrier(handle) }

    /// Whether barriers pay: the pool has several threads, and no recent barrier waited for a thread that other
    /// programs kept from running. Call it once before each piece of work that uses barriers.
    func barriersPay() -> Bool { unsafe ck_pool_barriers_pay(handle) != 0 }

    /// A type-erased task, which the C callback receives as its context.
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
