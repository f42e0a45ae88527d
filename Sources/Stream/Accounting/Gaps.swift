/// The gaps in the recent stream: ranges of lost samples. The newest gap is open until samples follow it.
struct Gaps {
    struct Gap: Equatable {
        var range: Range<Int>
        let cause: LossCause
    }

    private(set) var open: Gap?
    private var closed: [Gap] = []

    /// Adds `count` lost samples at `position` to the open gap, or opens one. An open gap keeps its first cause.
    mutating func extend(at position: Int, by count: Int, _ cause: LossCause) {
        let start = open?.range.lowerBound ?? position
        open = Gap(range: start..<position + count, cause: open?.cause ?? cause)
    }

    /// Closes the open gap, because samples follow it, and returns it; nil where none was open.
    mutating func close() -> Gap? {
        guard let gap = open else { return nil }
        open = nil
        closed.append(gap)
        return gap
    }

    /// The number of samples missing in `start..<end`, and the cause of the last gap there; nil where none is missing.
    ///
    /// Windows must come in order: gaps that end before `start` are discarded.
    mutating func missing(from start: Int, to end: Int) -> (samples: Int, cause: LossCause)? {
        closed.removeAll { $0.range.upperBound <= start }
        let gaps = (closed + (open.map { [$0] } ?? [])).filter { $0.range.overlaps(start..<end) }
        guard let last = gaps.last else { return nil }
        return (gaps.reduce(0) { $0 + $1.range.clamped(to: start..<end).count }, last.cause)
    }
}
