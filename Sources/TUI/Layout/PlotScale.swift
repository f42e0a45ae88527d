/// Where a moment and a probability lie on the plot, in points. Columns are counted from the stream's start and only
/// then moved to the window, so that a picture scrolls as a whole and never trembles.
struct PlotScale {
    /// Points across and down.
    let width: Int
    let height: Int
    /// Stream time at the right edge and seconds across.
    let now: Double
    let span: Double

    private var pointsPerSecond: Double { Double(width) / span }

    /// Column counted from the stream's start.
    func absolute(_ time: Double) -> Int {
        clampedInt((time * pointsPerSecond).rounded(.down))
    }

    /// Column in the window: 0 at the left edge, `width - 1` now, outside for what is not seen.
    func column(_ time: Double) -> Int {
        width - 1 - (absolute(now) - absolute(time))
    }

    /// What to add to a column of the window for its absolute one.
    var origin: Int { absolute(now) - width + 1 }

    /// Row of a probability: 0 on top for 1, `height - 1` for 0.
    func row(_ probability: Double) -> Int {
        clampedInt(((1 - unit(probability)) * Double(height - 1)).rounded())
    }

    /// Seconds between ticks of the time axis: a round number that leaves at least `room` points to a label.
    func tickStep(room: Int) -> Double {
        let steps: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600]
        return steps.first { $0 * pointsPerSecond >= Double(room) } ?? span
    }

    /// The ticks within the window, oldest first.
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
