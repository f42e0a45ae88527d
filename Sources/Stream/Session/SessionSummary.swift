import EmotionCore

/// What a session came to.
package struct SessionSummary: Equatable, Sendable {
    /// Windows by what became of them.
    package private(set) var spoken = 0
    /// Of the spoken ones, those whose smoothed scores name no emotion.
    package private(set) var unsure = 0
    package private(set) var silent = 0
    package private(set) var dropped = 0
    package private(set) var failed = 0
    /// Windows of which a part was lost and the rest held too little speech to say anything.
    package private(set) var broken = 0
    /// Stretches of samples lost: to overruns, to a device that was away; and the seconds of all.
    package private(set) var overruns = 0
    package private(set) var absences = 0
    package private(set) var lostSeconds = 0.0
    /// Where every sample went.
    package private(set) var accounting = SampleAccounting()
    /// Seconds of the stream by the smoothed label of the window that ended there.
    package private(set) var seconds: [Emotion: Double] = [:]
    /// Seconds of the stream whose window was unsure.
    package private(set) var unsureSeconds = 0.0
    /// Seconds of the stream whose window held no speech.
    package private(set) var silentSeconds = 0.0
    /// Milliseconds that the network took for a window, in all and at most.
    package private(set) var inferenceTotal = 0.0
    package private(set) var inferenceMaximum = 0.0

    private var covered = 0.0

    package init() {}

    package var windows: Int { spoken + silent + broken + dropped + failed }

    package var spokenSeconds: Double { seconds.values.reduce(unsureSeconds, +) }

    /// Mean milliseconds of inference a window.
    package var inferenceMean: Double { spoken > 0 ? inferenceTotal / Double(spoken) : 0 }

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
            lostSeconds += row.missingSeconds
        case .marker, .baseline, .unlogged, .unsaved: break
        }
    }
}
