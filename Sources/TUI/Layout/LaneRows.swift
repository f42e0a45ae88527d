/// The division of rows among lanes, one above the other.
struct LaneRows: Equatable {
    let count: Int
    /// Whether there is room for the time axis. Where the lanes share one, it is an additional row of the last lane.
    let hasAxis: Bool
    private let height: Int
    private let axis: Int

    /// Divides `height` rows among `count` lanes, at least one.
    ///
    /// - Parameter sharesAxis: Whether the last lane has a row more for the time axis of all. Lanes that would be left with
    ///   less than four rows go without it.
    init(height: Int, count: Int, sharesAxis: Bool) {
        self.count = count
        hasAxis = !sharesAxis || (height - 1) / count >= 4
        axis = sharesAxis && hasAxis ? 1 : 0
        self.height = height - axis
    }

    /// The rows of the lowest lane.
    var lowest: Int { height / count }

    /// The rows of a lane, counted from the top of the first one.
    subscript(lane: Int) -> Range<Int> {
        let end = height * (lane + 1) / count
        return (height * lane / count)..<(lane == count - 1 ? end + axis : end)
    }
}
