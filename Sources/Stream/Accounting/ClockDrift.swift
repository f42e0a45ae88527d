/// How much faster the device's clock runs than the system's: the slope of the stream's lead over clock time.
///
/// A least-squares line through one point a second. A gap begins another line with the same slope, since the length of
/// a gap is reckoned by the very clock that the device is compared with.
package struct ClockDrift: Sendable {
    /// Parts per million; above 0 the device is fast.
    package struct Estimate: Equatable, Sendable {
        package let ppm: Double
        /// Standard error of `ppm`.
        package let error: Double
    }

    /// Points from which a slope is worth telling.
    static let least = 10

    private struct Sums {
        var xx = 0.0
        var xy = 0.0
        var yy = 0.0

        static func + (a: Sums, b: Sums) -> Sums { Sums(xx: a.xx + b.xx, xy: a.xy + b.xy, yy: a.yy + b.yy) }
    }

    /// Of the lines before the present one.
    private var past = Sums()
    private var present = Sums()
    private var origin: (clock: Double, lead: Double)?
    private var mean = (x: 0.0, y: 0.0)
    private var points = 0
    private var allPoints = 0
    private var lines = 0

    package init() {}

    /// A point: seconds of the clock, and by how many the stream was ahead of it (or behind, below 0), but for a
    /// constant.
    package mutating func add(clock: Double, lead: Double) {
        if origin == nil {
            origin = (clock, lead)
            lines += 1
        }
        guard let origin else { return }
        let (x, y) = (clock - origin.clock, lead - origin.lead)
        points += 1
        allPoints += 1
        let (dx, dy) = (x - mean.x, y - mean.y)
        mean = (mean.x + dx / Double(points), mean.y + dy / Double(points))
        present.xx += dx * (x - mean.x)
        present.xy += dx * (y - mean.y)
        present.yy += dy * (y - mean.y)
    }

    /// A gap: what follows is another line.
    package mutating func cut() {
        past = past + present
        (present, origin, mean, points) = (Sums(), nil, (0, 0), 0)
    }

    /// nil while there is too little to tell.
    package var estimate: Estimate? {
        let sums = past + present
        guard allPoints >= Self.least, sums.xx > 0 else { return nil }
        let slope = sums.xy / sums.xx
        let freedom = max(1, allPoints - lines - 1)
        let variance = max(0, sums.yy - slope * sums.xy) / Double(freedom)
        return Estimate(ppm: slope * 1e6, error: (variance / sums.xx).squareRoot() * 1e6)
    }
}
