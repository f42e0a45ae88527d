import CKernels

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

    /// Calls `body` with each index in 0..<count, on all threads, and with a team of one that is the thread's own and
    /// its number in 0..<threads. `body` may write only what no other index touches, and must not call `forEach`.
    func forEach(_ count: Int, _ body: (_ index: Int, _ alone: Team, _ worker: Int) -> Void) {
        guard threads > 1, count > 1 else {
            for index in 0..<count { body(index, members.first ?? self, 0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            let call = Call(body: body, members: members)
            let pointer = unsafe Unmanaged.passUnretained(call).toOpaque()
            unsafe ck_team_run(
                handle, count,
                { context, index, worker in
                    let call = unsafe Unmanaged<Call>.fromOpaque(context!).takeUnretainedValue()
                    call.body(index, call.members[worker], worker)
                }, pointer)
            withExtendedLifetime(call) {}
        }
    }

    private final class Call {
        let body: (Int, Team, Int) -> Void
        let members: [Team]

        init(body: @escaping (Int, Team, Int) -> Void, members: [Team]) {
            self.body = body
            self.members = members
        }
    }
}
