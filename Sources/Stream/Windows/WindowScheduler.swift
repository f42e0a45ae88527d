/// Decides which window the network reads next. Pure: it returns what to do and does nothing itself.
///
/// One window is in inference at a time. While it is, `newestFirst` lets others wait only as long as all of them can be
/// read within a second, by what the last one took, and else gives up all but the newest of each channel: so a burst
/// after a stop is read, and a live picture never lags by more. `everyWindow` keeps all, for a recording read as fast
/// as it goes, and says by `isFull` when the stream should wait.
struct WindowScheduler<Job> {
    enum Policy: Sendable {
        case newestFirst, everyWindow
    }

    enum Action {
        case run(Job)
        case drop(Job)
    }

    /// Seconds by which `newestFirst` may lag.
    static var patience: Double { 1 }

    let policy: Policy
    /// Seconds that the last window took; without one yet, nothing is known of the network's pace.
    private var pace = WindowScheduler.patience
    private(set) var isRunning = false
    private var waiting: [(job: Job, channel: Int)] = []

    init(policy: Policy) {
        self.policy = policy
    }

    var isIdle: Bool { !isRunning && waiting.isEmpty }

    /// Whether the stream should hold back, so that waiting windows stay few.
    var isFull: Bool { policy == .everyWindow && waiting.count >= 2 }

    mutating func submit(_ job: Job, channel: Int = 0) -> [Action] {
        guard isRunning else {
            isRunning = true
            return [.run(job)]
        }
        waiting.append((job, channel))
        guard policy == .newestFirst, Double(waiting.count) * pace > Self.patience else { return [] }
        return giveUp()
    }

    /// The running job is done and took so many seconds: what runs next, if anything waits.
    mutating func finished(after seconds: Double) -> [Action] {
        pace = seconds
        guard !waiting.isEmpty else {
            isRunning = false
            return []
        }
        return [.run(waiting.removeFirst().job)]
    }

    /// Keeps the newest job of each channel, in the place of the oldest one that it stands for: so channels take turns,
    /// however slow the network is.
    private mutating func giveUp() -> [Action] {
        var kept: [(job: Job, channel: Int)] = []
        var given: [Action] = []
        for entry in waiting {
            if let place = kept.firstIndex(where: { $0.channel == entry.channel }) {
                given.append(.drop(kept[place].job))
                kept[place] = entry
            } else {
                kept.append(entry)
            }
        }
        waiting = kept
        return given
    }
}
