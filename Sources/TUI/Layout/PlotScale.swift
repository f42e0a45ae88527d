/// The mapping from times and probabilities to the dots of the plot.
///
/// Times are rounded to columns counted from the start of the stream and then shifted, so that the picture scrolls as a
/// whole.
struct PlotScale {
    /// The size of the plot in dots.
    let width: Int
    let height: Int
    /// The stream time at the right edge, in seconds; the present, unless the user looks at the past.
    let now: Double
    /// The seconds that the plot shows.
    let span: Double

    private var dotsPerSecond: Double { Double(width) / span }

    /// Returns the indices of the windows that may be visible, with one more at both sides. In a long history, whose times
    /// ascend, they are searched for by halves.
    func visible(_ history: [DashboardSnapshot.Point]) -> Range<Int> {
        guard history.count > 1000 else { return history.indices }
        func first(after time: Double) -> Int {
            var range = history.indices
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                range = history[middle].time < time ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
            }
            return range.lowerBound
        }
        let from = max(0, first(after: now - span) - 2)
        return from..<max(from, min(history.count, first(after: now) + 2))
    }

    /// Returns the column of a stream time, counted from the start of the stream.
    func absolute(_ time: Double) -> Int {
        clampedInt((time * dotsPerSecond).rounded(.down))
    }

    /// Returns the column of a stream time in the plot: 0 at the left edge, `width - 1` now; out of range if not
    /// visible.
    func column(_ time: Double) -> Int {
        width - 1 - (absolute(now) - absolute(time))
    }

    /// The absolute column of the left edge.
    var origin: Int { absolute(now) - width + 1 }

    /// Returns the row of a probability: 0, at the top, for 1; `height - 1` for 0.
    func row(_ probability: Double) -> Int {
        clampedInt(((1 - clampedUnit(probability)) * Double(height - 1)).rounded())
    }

    /// Returns the seconds between ticks of the time axis: a round number that leaves `room` dots or more for a label.
    func tickStep(room: Int) -> Double {
        let steps: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400]
        return steps.first { $0 * dotsPerSecond >= Double(room) } ?? span
    }

    /// Returns the stream times of the visible ticks, oldest first.
    func ticks(every step: Double) -> [Double] {
        guard step > 0, now.isFinite, abs(now) < 1e12 else { return [] }
        var ticks: [Double] = []
        var time = ((now - span) / step).rounded(.up) * step
        while time <= now, ticks.count < 1000 {
            if time >= 0 { ticks.append(time) }
            time += step
        }
        return ticks
    }
}
