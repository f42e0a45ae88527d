/// An estimate of how much faster the device's clock runs than the system's.
///
/// It is the slope of a least-squares line through points of clock time and the stream's lead over it, one point a
/// second. A gap in the stream begins another line, with the same slope but an offset of its own, because the length of
/// a gap is measured with the system's clock.
package struct ClockDrift: Sendable {
    /// The drift in parts per million; positive where the device is fast.
    package struct Estimate: Equatable, Sendable {
        package let ppm: Double
        /// Half the width of an interval that holds the true drift, in 99 cases of 100 or more.
        package let error: Double
    }

    /// Seconds at the start of a line that do not count: a sound server hands over what it has buffered at once.
    static let settling = 5.0
    /// The fewest points that give an estimate.
    static let least = 10
    /// The greatest error of an estimate, ppm.
    static let mostError = 100.0
    /// Blocks that are kept; beyond them, neighbours are merged.
    private static let mostBlocks = 64
    private static let longestBlock = 1 << 20

    /// The points of successive seconds of one line.
    private struct Block {
        let line: Int
        var points: Moments
    }

    private var blocks: [Block] = []
    /// Points of a block.
    private var blockLength = 1
    private var line = 0
    /// Clock and lead where the present line began.
    private var origin: (clock: Double, lead: Double)?

    package init() {}

    /// Adds a point.
    ///
    /// - Parameters:
    ///   - clock: Seconds of the system's clock.
    ///   - lead: Seconds by which the stream is ahead of the clock (negative: behind), up to a constant offset.
    package mutating func add(clock: Double, lead: Double) {
        let start = origin ?? (clock, lead)
        origin = start
        guard clock - start.clock >= Self.settling else { return }
        let point = Moments(x: clock - start.clock, y: lead - start.lead)
        if let last = blocks.last, last.line == line, last.points.count < blockLength {
            blocks[blocks.count - 1].points.add(point)
        } else {
            blocks.append(Block(line: line, points: point))
            if blocks.count > Self.mostBlocks { merge() }
        }
    }

    /// Begins another line, after a gap in the stream.
    package mutating func cut() {
        line += 1
        origin = nil
    }

    /// Merges neighbours of the same line. Where too many lines are left, the oldest are given up.
    private mutating func merge() {
        blockLength = min(2 * blockLength, Self.longestBlock)
        var merged: [Block] = []
        for block in blocks {
            if let last = merged.last, last.line == block.line, last.points.count + block.points.count <= blockLength {
                merged[merged.count - 1].points.add(block.points)
            } else {
                merged.append(block)
            }
        }
        blocks = merged.suffix(Self.mostBlocks)
    }

    /// The drift; nil while it is not known to within 100 ppm.
    ///
    /// The error is three standard errors of the slope, or what the slope of either half differs by, whichever is
    /// greatest: after a jump, the points are on no line, and the half without the jump tells how wrong the slope is.
    package var estimate: Estimate? {
        guard let all = Line(blocks[...]), all.count >= Self.least else { return nil }
        var (middle, before) = (0, 0)
        while 2 * before < all.count {
            before += blocks[middle].points.count
            middle += 1
        }
        guard let first = Line(blocks[..<middle]), let second = Line(blocks[middle...]) else { return nil }
        let error = max(3 * all.error, abs(all.slope - first.slope), abs(all.slope - second.slope)) * 1e6
        return error <= Self.mostError ? Estimate(ppm: all.slope * 1e6, error: error) : nil
    }

    /// A count of points, their means, and their sums of squares and products about the means.
    private struct Moments {
        var count = 1
        var x: Double
        var y: Double
        var xx = 0.0
        var xy = 0.0
        var yy = 0.0

        init(x: Double, y: Double) {
            (self.x, self.y) = (x, y)
        }

        mutating func add(_ other: Moments) {
            let (dx, dy) = (other.x - x, other.y - y)
            let share = Double(other.count) / Double(count + other.count)
            let weight = Double(count) * share
            x += dx * share
            y += dy * share
            xx += other.xx + dx * dx * weight
            xy += other.xy + dx * dy * weight
            yy += other.yy + dy * dy * weight
            count += other.count
        }
    }

    /// The line through the points of blocks, with an offset for each of their lines.
    private struct Line {
        let count: Int
        let slope: Double
        /// The standard error of the slope.
        let error: Double

        /// - Returns: nil where the points have no slope.
        init?(_ blocks: ArraySlice<Block>) {
            var lines: [Int: Moments] = [:]
            for block in blocks {
                if lines[block.line]?.add(block.points) == nil { lines[block.line] = block.points }
            }
            let (xx, xy, yy) = lines.values.reduce((0.0, 0.0, 0.0)) { ($0.0 + $1.xx, $0.1 + $1.xy, $0.2 + $1.yy) }
            guard xx > 0 else { return nil }
            count = lines.values.reduce(0) { $0 + $1.count }
            slope = xy / xx
            error = (max(0, yy - slope * xy) / Double(max(1, count - lines.count - 1)) / xx).squareRoot()
        }
    }
}
