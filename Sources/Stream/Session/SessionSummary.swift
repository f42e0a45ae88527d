import EmotionCore

/// The totals of one channel of a session, from its rows.
package struct SessionSummary: Equatable, Sendable {
    /// Numbers of windows by outcome: with speech, silent, of two speakers at once, dropped, failed, or lost in part.
    package private(set) var spoken = 0
    package private(set) var silent = 0
    package private(set) var overlapped = 0
    package private(set) var dropped = 0
    package private(set) var failed = 0
    /// Windows with lost samples and too little speech in the rest.
    package private(set) var broken = 0
    /// Number of gaps caused by overruns and by an absent device, and the total length of both in seconds.
    package private(set) var overruns = 0
    package private(set) var disconnections = 0
    package private(set) var lostSeconds = 0.0
    /// The sample accounting of the rows.
    package private(set) var accounting = SampleAccounting()
    /// The decisions on the spoken windows.
    package private(set) var emotions = EmotionTotals()
    /// Seconds of the stream where the window that ends there is silent.
    package private(set) var silentSeconds = 0.0
    /// Seconds of the stream where the window that ends there has two speakers at once.
    package private(set) var overlappedSeconds = 0.0
    /// Milliseconds of inference in all, and of the slowest window.
    package private(set) var inferenceTotal = 0.0
    package private(set) var inferenceMaximum = 0.0

    private var covered = 0.0

    package init() {}

    package var windows: Int { spoken + silent + overlapped + broken + dropped + failed }

    /// Mean milliseconds of inference per window.
    package var inferenceMean: Double { spoken > 0 ? inferenceTotal / Double(spoken) : 0 }

    /// Leaves out a stretch of the stream that the source does not hold.
    mutating func skip(_ range: Range<Int>) { accounting.skip(range) }

    /// Begins to count at a stream time at which the recording goes on after a pause.
    mutating func resume(at time: Double) { covered = max(covered, time) }

    /// Adds a row. A row about a window accounts for the time since the end of the previous window.
    ///
    /// - Returns: That time, in seconds.
    @discardableResult mutating func add(_ row: Row) -> Double {
        accounting.add(row)
        let new = row.isWindow ? max(0, row.end - covered) : 0
        if row.isWindow { covered = max(covered, row.end) }
        switch row.status {
        case .ok:
            spoken += 1
            emotions.add(row.smoothedDecision, new)
            inferenceTotal += row.inference ?? 0
            inferenceMaximum = max(inferenceMaximum, row.inference ?? 0)
        case .silence:
            silent += 1
            silentSeconds += new
        case .overlap:
            overlapped += 1
            overlappedSeconds += new
        case .dropped: dropped += 1
        case .failed: failed += 1
        case .overrun where row.isWindow, .deviceLost where row.isWindow: broken += 1
        case .overrun, .deviceLost:
            overruns += row.status == .overrun ? 1 : 0
            disconnections += row.status == .deviceLost ? 1 : 0
            lostSeconds += row.missingSeconds
        case .marker, .source, .baseline, .unlogged, .unsaved: break
        }
        return new
    }
}
