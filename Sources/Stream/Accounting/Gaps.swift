/// The stretches of the recent stream that are missing. A stretch is open while nothing has followed it.
struct Gaps {
    struct Gap: Equatable {
        var range: Range<Int>
        let cause: LossCause
    }

    private(set) var open: Gap?
    private var closed: [Gap] = []

    /// `count` more samples are missing at `position`; they belong to the open gap, whose cause stays the first one's.
    mutating func extend(at position: Int, by count: Int, _ cause: LossCause) {
        let start = open?.range.lowerBound ?? position
        open = Gap(range: start..<position + count, cause: open?.cause ?? cause)
    }

    /// Sound follows: the gap that ends here, if one was open.
    mutating func close() -> Gap? {
        guard let gap = open else { return nil }
        open = nil
        closed.append(gap)
        return gap
    }

    /// How many samples of a window are missing, and why the most recent of them are. Windows come in order: what lies
    /// before this one is forgotten.
    mutating func missing(from start: Int, to end: Int) -> (samples: Int, cause: LossCause)? {
        closed.removeAll { $0.range.upperBound <= start }
        let gaps = (closed + (open.map { [$0] } ?? [])).filter { $0.range.overlaps(start..<end) }
        guard let last = gaps.last else { return nil }
        return (gaps.reduce(0) { $0 + $1.range.clamped(to: start..<end).count }, last.cause)
    }
}
