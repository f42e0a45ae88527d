import EmotionCore

/// Where every sample of a session went, by nothing but its rows.
///
/// Each place of the stream is counted once, however many windows overlap on it:
///
/// - **lost**: inside a row about a loss (`overrun`, `device-lost`);
/// - **windowed**: else inside at least one window that was read to its end, be it scored or silent;
/// - **unread**: else inside windows that were dropped, since inference fell behind, or that failed.
///
/// What is in none of them would be a hole in the rows.
package struct SampleAccounting: Equatable, Sendable {
    private var lost = IntervalSet()
    private var windowed = IntervalSet()
    private var unread = IntervalSet()

    package init() {}

    /// Enters a row; those about markers and about files hold no samples.
    package mutating func add(_ row: Row) {
        let range = AudioFormat.samples(row.start)..<AudioFormat.samples(row.end)
        switch row.status {
        case .marker, .baseline, .unlogged, .unsaved: break
        case .overrun where !row.isWindow, .deviceLost where !row.isWindow: lost.insert(range)
        case .dropped, .failed: unread.insert(range)
        default: windowed.insert(range)
        }
    }

    /// The account of a session that was given so many samples, those lost on the way included.
    ///
    /// - Parameter lost: How many of them were lost as whoever counted them knows it, apart from the rows.
    package func account(captured: Int, lost known: Int) -> AccountingReport {
        let kept = lost.union(windowed)
        let all = kept.union(unread)
        let holes = all.complement(in: 0..<captured)
        return AccountingReport(
            captured: captured, windowed: kept.count - lost.count, lost: lost.count, unread: all.count - kept.count,
            lostBySource: known, firstHole: holes.ranges.first)
    }
}

/// Where the samples of a session, or of one of its channels, went. All counts are of samples.
public struct AccountingReport: Equatable, Sendable {
    /// All that the source gave or is known to have lost.
    public let captured: Int
    public let windowed: Int
    public let lost: Int
    /// Samples that lie only in windows that were dropped or failed.
    public let unread: Int
    /// What the capture side counted as lost; rows must say the same.
    public let lostBySource: Int
    /// The first stretch that no row covers.
    public let firstHole: Range<Int>?

    /// Samples of which no row tells; 0 in a session that is right. Below 0, rows tell of samples that never were.
    public var unaccounted: Int { captured - windowed - lost - unread }

    /// Whether captured = windowed + lost + unread, and rows and source agree on what was lost.
    public var isBalanced: Bool { unaccounted == 0 && lost == lostBySource && firstHole == nil }
}
