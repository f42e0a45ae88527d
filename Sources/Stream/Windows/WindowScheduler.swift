/// Decides which window the network reads next. Pure: it returns what to do and does nothing itself.
///
/// One window is in inference at a time. While it is, `newestFirst` keeps only the newest waiting window and
/// gives up older ones, so that a live picture never lags; `everyWindow` keeps all, for a recording read as
/// fast as it goes, and says by `isFull` when the stream should wait.
struct WindowScheduler<Job> {
    enum Policy: Sendable {
        case newestFirst, everyWindow
    }

    enum Action {
        case run(Job)
        case drop(Job)
    }

    let policy: Policy
    private(set) var isRunning = false
    private var waiting: [Job] = []

    init(policy: Policy) {
        self.policy = policy
    }

    var isIdle: Bool { !isRunning && waiting.isEmpty }

    /// Whether the stream should hold back, so that waiting windows stay few.
    var isFull: Bool { policy == .everyWindow && waiting.count >= 2 }

    mutating func submit(_ job: Job) -> [Action] {
        guard isRunning else {
            isRunning = true
            return [.run(job)]
        }
        let given = policy == .newestFirst ? waiting : []
        if policy == .newestFirst { waiting.removeAll() }
        waiting.append(job)
        return given.map(Action.drop)
    }

    /// The running job is done: what runs next, if anything waits.
    mutating func finished() -> [Action] {
        guard !waiting.isEmpty else {
            isRunning = false
            return []
        }
        return [.run(waiting.removeFirst())]
    }
}
