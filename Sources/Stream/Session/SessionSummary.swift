import EmotionCore

/// What a session came to.
public struct SessionSummary: Equatable, Sendable {
    /// Windows by what became of them.
    public private(set) var spoken = 0
    /// Of the spoken ones, those whose smoothed scores name no emotion.
    public private(set) var unsure = 0
    public private(set) var silent = 0
    public private(set) var dropped = 0
    public private(set) var failed = 0
    /// Windows of which a part was lost and the rest held too little speech to say anything.
    public private(set) var broken = 0
    /// Stretches of samples lost: to overruns, to a device that was away; and the seconds of all.
    public private(set) var overruns = 0
    public private(set) var absences = 0
    public private(set) var lostSeconds = 0.0
    /// Where every sample went.
    public private(set) var accounting = SampleAccounting()
    /// Seconds of the stream by the smoothed label of the window that ended there.
    public private(set) var seconds: [Emotion: Double] = [:]
    /// Seconds of the stream whose window was unsure.
    public private(set) var unsureSeconds = 0.0
    /// Seconds of the stream whose window held no speech.
    public private(set) var silentSeconds = 0.0
    /// Milliseconds that the network took for a window, in all and at most.
    public private(set) var inferenceTotal = 0.0
    public private(set) var inferenceMaximum = 0.0

    private var covered = 0.0

    public init() {}

    public var windows: Int { spoken + silent + broken + dropped + failed }

    public var spokenSeconds: Double { seconds.values.reduce(unsureSeconds, +) }

    /// Mean milliseconds of inference a window.
    public var inferenceMean: Double { spoken > 0 ? inferenceTotal / Double(spoken) : 0 }

    /// Each row about a window speaks for the time since the end of the row before.
    mutating func add(_ row: Row) {
        accounting.add(row)
        let new = row.isWindow ? max(0, row.end - covered) : 0
        if row.isWindow { covered = max(covered, row.end) }
        switch row.status {
        case .ok:
            spoken += 1
            switch row.smoothedDecision {
            case .emotion(let emotion): seconds[emotion, default: 0] += new
            case .unsure:
                unsure += 1
                unsureSeconds += new
            case nil: break
            }
            inferenceTotal += row.inference ?? 0
            inferenceMaximum = max(inferenceMaximum, row.inference ?? 0)
        case .silence:
            silent += 1
            silentSeconds += new
        case .dropped: dropped += 1
        case .failed: failed += 1
        case .overrun where row.isWindow, .deviceLost where row.isWindow: broken += 1
        case .overrun, .deviceLost:
            overruns += row.status == .overrun ? 1 : 0
            absences += row.status == .deviceLost ? 1 : 0
            lostSeconds += row.dropped
        case .marker, .unlogged, .unsaved: break
        }
    }
}
