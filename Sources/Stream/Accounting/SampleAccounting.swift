import EmotionCore

/// A count of what became of every sample of a session, computed from its rows alone.
///
/// Each sample counts once, however many windows contain it, in the first of these categories that holds it:
///
/// - **lost**: inside a row about a loss (`overrun`, `device-lost`);
/// - **windowed**: inside at least one window that was neither dropped nor failed: scored, silent, or of two speakers;
/// - **unread**: inside windows that were dropped, because inference fell behind, or that failed.
///
/// A sample in none of them is in a hole, which no row covers.
package struct SampleAccounting: Equatable, Sendable {
    private var lost = IntervalSet()
    private var windowed = IntervalSet()
    private var unread = IntervalSet()
    private var skipped = IntervalSet()

    package init() {}

    /// Leaves out a stretch of the stream that the source does not hold: a pause of the recording that is repeated.
    package mutating func skip(_ range: Range<Int>) { skipped.insert(range) }

    /// Adds a row. Rows about markers and about files add no samples.
    package mutating func add(_ row: Row) {
        let range = AudioFormat.samples(row.start)..<AudioFormat.samples(row.end)
        switch row.status {
        case .marker, .source, .baseline, .unlogged, .unsaved: break
        case .overrun where !row.isWindow, .deviceLost where !row.isWindow: lost.insert(range)
        case .dropped, .failed: unread.insert(range)
        default: windowed.insert(range)
        }
    }

    /// Compares the rows with what the capture side counted.
    ///
    /// - Parameters:
    ///   - captured: Samples of the session, lost ones included, skipped ones not.
    ///   - lost: Samples lost, as the capture side counted them.
    package func account(captured: Int, lost known: Int) -> AccountingReport {
        let kept = lost.union(windowed)
        let all = kept.union(unread)
        let holes = all.union(skipped).complement(in: 0..<captured + skipped.count)
        return AccountingReport(
            captured: captured, windowed: kept.count - lost.count, lost: lost.count, unread: all.count - kept.count,
            lostBySource: known, firstHole: holes.ranges.first)
    }
}

/// The numbers of samples of a session, or of one of its channels, by what became of them.
public struct AccountingReport: Equatable, Sendable {
    /// Samples that the source delivered or reported as lost.
    public let captured: Int
    public let windowed: Int
    public let lost: Int
    /// Samples that lie only in windows that were dropped or failed.
    public let unread: Int
    /// Samples that the capture side counted as lost; equals `lost` in a correct session.
    public let lostBySource: Int
    /// The first range of samples that no row covers; nil where there is none.
    public let firstHole: Range<Int>?

    /// Samples that no row covers; 0 in a correct session. Negative where rows cover samples that never existed.
    public var unaccounted: Int { captured - windowed - lost - unread }

    /// Whether captured = windowed + lost + unread, rows and source agree on the losses, and there is no hole.
    public var isBalanced: Bool { unaccounted == 0 && lost == lostBySource && firstHole == nil }
}
