/// A state machine that decides which window the network reads next. Pure: it returns actions and performs none.
///
/// One window is in inference at a time; the others wait. `newestFirst` lets them wait as long as all can be read
/// within a second, judged by the time of the last inference; otherwise it drops all but the newest of each channel. A
/// burst after a stall is therefore read, while a live display lags by little more than that second. `everyWindow`
/// drops none, for a recording read at full speed, and reports by `isFull` when the stream must wait.
struct WindowScheduler<Job> {
    enum Policy: Sendable {
        case newestFirst, everyWindow
    }

    enum Action {
        case run(Job)
        case drop(Job)
    }

    /// Seconds of waiting inference that `newestFirst` allows.
    static var patience: Double { 1 }

    let policy: Policy
    /// Seconds that the last inference took; before the first, `patience`, because the network's speed is unknown.
    private var pace = WindowScheduler.patience
    private(set) var isRunning = false
    private var waiting: [(job: Job, channel: Int)] = []

    init(policy: Policy) {
        self.policy = policy
    }

    var isIdle: Bool { !isRunning && waiting.isEmpty }

    /// Whether the stream must wait, so that only a few windows are queued.
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

    /// Ends the running job, which took `seconds`, and returns the next job to run, if one waits.
    mutating func finished(after seconds: Double) -> [Action] {
        pace = seconds
        guard !waiting.isEmpty else {
            isRunning = false
            return []
        }
        return [.run(waiting.removeFirst().job)]
    }

    /// Drops all but the newest job of each channel. That job takes the queue place of the channel's oldest, so that
    /// the channels take turns however slow the network is.
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
