/// An estimate of how much faster the device's clock runs than the system's.
///
/// It is the slope of a least-squares line through points of clock time and the stream's lead over it, one point a
/// second. A gap in the stream begins another line, with the same slope but an offset of its own, because the length of
/// a gap is measured with the system's clock.
package struct ClockDrift: Sendable {
    /// The drift in parts per million; positive where the device is fast.
    package struct Estimate: Equatable, Sendable {
        package let ppm: Double
        /// Standard error of `ppm`.
        package let error: Double
    }

    /// The fewest points that give an estimate.
    static let least = 10

    private struct Sums {
        var xx = 0.0
        var xy = 0.0
        var yy = 0.0

        static func + (a: Sums, b: Sums) -> Sums { Sums(xx: a.xx + b.xx, xy: a.xy + b.xy, yy: a.yy + b.yy) }
    }

    /// Sums over the lines before the present one.
    private var past = Sums()
    private var present = Sums()
    private var origin: (clock: Double, lead: Double)?
    private var mean = (x: 0.0, y: 0.0)
    private var points = 0
    private var allPoints = 0
    private var lines = 0

    package init() {}

    /// Adds a point.
    ///
    /// - Parameters:
    ///   - clock: Seconds of the system's clock.
    ///   - lead: Seconds by which the stream is ahead of the clock (negative: behind), up to a constant offset.
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

    /// Begins another line, after a gap in the stream.
    package mutating func cut() {
        past = past + present
        (present, origin, mean, points) = (Sums(), nil, (0, 0), 0)
    }

    /// The drift; nil while there are too few points.
    package var estimate: Estimate? {
        let sums = past + present
        guard allPoints >= Self.least, sums.xx > 0 else { return nil }
        let slope = sums.xy / sums.xx
        let freedom = max(1, allPoints - lines - 1)
        let variance = max(0, sums.yy - slope * sums.xy) / Double(freedom)
        return Estimate(ppm: slope * 1e6, error: (variance / sums.xx).squareRoot() * 1e6)
    }
}
