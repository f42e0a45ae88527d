/// A set of integers, kept as disjoint ranges in ascending order. An insertion near the end, as rows make, touches only
/// the last few ranges.
struct IntervalSet: Equatable, Sendable {
    private(set) var ranges: [Range<Int>] = []

    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    mutating func insert(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var merged = range
        var index = ranges.count
        var later: [Range<Int>] = []
        while index > 0, ranges[index - 1].upperBound >= range.lowerBound {
            let last = ranges.removeLast()
            index -= 1
            if last.lowerBound > range.upperBound {
                later.append(last)
            } else {
                merged = min(merged.lowerBound, last.lowerBound)..<max(merged.upperBound, last.upperBound)
            }
        }
        ranges.append(merged)
        ranges += later.reversed()
    }

    func union(_ other: IntervalSet) -> IntervalSet {
        var result = self
        for range in other.ranges { result.insert(range) }
        return result
    }

    /// The part of `whole` that is not in the set.
    func complement(in whole: Range<Int>) -> IntervalSet {
        var result = IntervalSet()
        var start = whole.lowerBound
        for range in ranges where range.overlaps(whole) {
            if range.lowerBound > start { result.insert(start..<range.lowerBound) }
            start = max(start, range.upperBound)
        }
        if start < whole.upperBound { result.insert(start..<whole.upperBound) }
        return result
    }
}
