import CKernels

/// What a team does with each index. A structure and not a closure: one that threads call would have to be allocated.
protocol TeamWork {
    /// May write only what no other index touches, and must not call `forEach`.
    ///
    /// - Parameter alone: A team of one that is the calling thread's own.
    /// - Parameter worker: The thread's number in 0..<threads.
    func callAsFunction(_ index: Int, alone: Team, worker: Int)
}

/// Threads of one engine, the caller's included, with the scratch memory that its kernels need. They sleep while there
/// is nothing to do. One caller at a time.
@safe final class Team {
    @unsafe let handle: OpaquePointer
    let threads: Int
    /// Multiply-accumulates that this team has been given, its members' not counted; for measurements.
    private(set) var ownMACs = 0
    /// A team of one for each thread, for what a thread computes alone inside `forEach`.
    private let members: [Team]

    /// - Parameter threads: at least 1; fewer where the system gives fewer.
    init(threads: Int) {
        guard let handle = unsafe ck_team_create(max(1, threads)) else { fatalError("no memory for a thread's state") }
        unsafe self.handle = handle
        let count = unsafe ck_team_threads(handle)
        self.threads = count
        members = count == 1 ? [] : (0..<count).map { _ in Team(threads: 1) }
    }

    deinit { unsafe ck_team_destroy(handle) }

    /// Bytes of scratch memory.
    var scratchBytes: Int {
        unsafe ck_team_scratch_bytes(handle) + members.reduce(0) { $0 + $1.scratchBytes }
    }

    /// Multiply-accumulates that were computed so far. Not while `forEach` runs.
    var macs: Int { ownMACs + members.reduce(0) { $0 + $1.macs } }

    /// Notes a product of that size.
    func count(rows: Int, outputs: Int, depth: Int) { ownMACs &+= rows * outputs * depth }

    /// Does `work` for each index in 0..<count, on all threads, and returns when all is done. Allocates nothing.
    func forEach<Work: TeamWork>(_ count: Int, _ work: Work) {
        guard threads > 1, count > 1 else {
            for index in 0..<count { work(index, alone: members.first ?? self, worker: 0) }
            return
        }
        unsafe withUnsafePointer(to: work) { work in
            let call = unsafe Call(kind: Work.self, work: UnsafeRawPointer(work), members: members)
            unsafe withUnsafePointer(to: call) { call in
                unsafe ck_team_run(
                    handle, count,
                    { context, index, worker in
                        let call = unsafe context!.assumingMemoryBound(to: Call.self).pointee
                        unsafe call.kind.perform(call.work, index, alone: call.members[worker], worker: worker)
                    }, UnsafeMutableRawPointer(mutating: call))
            }
        }
    }

    /// Waits until every thread of the team is here. Only in work that `forEach` does for as many indices as there are
    /// threads, each of which meets equally often.
    func meet() { unsafe ck_team_meet(handle) }

    /// Whether meetings are worth while: there are several threads, and other programs have not kept one waiting for another of
    /// late. To be asked once before each work with meetings.
    func meetsWell() -> Bool { unsafe ck_team_meets_well(handle) != 0 }

    /// Work of a kind that the C function which calls back cannot name.
    @unsafe private struct Call {
        let kind: any TeamWork.Type
        let work: UnsafeRawPointer
        let members: [Team]
    }
}

extension TeamWork {
    /// - Precondition: `work` points to a `Self`.
    @unsafe fileprivate static func perform(_ work: UnsafeRawPointer, _ index: Int, alone: Team, worker: Int) {
        unsafe work.assumingMemoryBound(to: Self.self).pointee(index, alone: alone, worker: worker)
    }
}
