import EmotionCore

/// The curves of the four emotions on a canvas of dots.
struct Curves {
    let scale: PlotScale
    /// Whether the curves show the smoothed probabilities rather than the raw ones.
    let isSmoothed: Bool

    /// The curves in one column of dots.
    struct Column: Equatable {
        /// The row of each emotion's curve, in the order of the emotions.
        var rows: [Int]
        /// The emotion that leads.
        var leader: Emotion
    }

    /// Draws the curves: those that do not lead dim, and over them the one that leads, two dots thick. A curve that does
    /// not lead is left out at the foot of the plot, where several would cover one another.
    func draw(_ history: [DashboardSnapshot.Point], on canvas: inout DotCanvas) {
        let runs = visibleRuns(history)
        let last = history.last { $0.status == .ok }.map(scores)
        let order = Emotion.allCases.sorted { (last?[$0] ?? 0) < (last?[$1] ?? 0) }
        for leads in [false, true] {
            for emotion in order {
                for run in runs { draw(history[run], emotion, leads: leads, on: &canvas) }
            }
        }
    }

    /// Fills the area under the leading curve with sparse dots, for terminals with few colours, which cannot tint cells.
    func fill(_ columns: [Column?], on canvas: inout DotCanvas) {
        for (x, column) in columns.enumerated() {
            guard let column, column.rows[column.leader.index] < canvas.height else { continue }
            for y in column.rows[column.leader.index]..<canvas.height where isFilled(x, y, canvas.glyphs) {
                canvas.set(x: x, y: y, Style(role: column.leader.colorRole, isDim: true), letter: ".")
            }
        }
    }

    /// Whether a dot is one of the fill: one for every two cells, so that curves stay legible in it.
    private func isFilled(_ x: Int, _ y: Int, _ glyphs: Glyphs) -> Bool {
        let column = x + scale.origin
        return glyphs == .braille ? y % 4 == 2 && column % 4 == y / 4 % 2 * 2 : (column + 2 * y) % 4 == 0
    }

    /// Returns the probabilities of a window that the curves show.
    func scores(_ point: DashboardSnapshot.Point) -> EmotionScores {
        isSmoothed ? point.smoothed : point.raw
    }

    func isDrawn(_ point: DashboardSnapshot.Point) -> Bool {
        point.status == .ok && point.time.isFinite && scores(point).isFinite
    }

    /// Returns the curves in each column of dots; nil where none is drawn.
    func columns(_ history: [DashboardSnapshot.Point]) -> [Column?] {
        var columns = [Column?](repeating: nil, count: max(0, scale.width))
        for run in visibleRuns(history) {
            for index in run.dropFirst() {
                let (a, b) = (history[index - 1], history[index])
                let (left, right) = (scale.column(a.time), scale.column(b.time))
                let leader = scores(b).argmax
                guard left <= right, right >= 0, left < columns.count else { continue }
                for x in max(left, 0)...min(right, columns.count - 1) {
                    let share = right > left ? Double(x - left) / Double(right - left) : 1
                    let rows = Emotion.allCases.map { emotion in
                        let (from, to) = (Double(scores(a)[emotion]), Double(scores(b)[emotion]))
                        return scale.row(from + (to - from) * share)
                    }
                    columns[x] = Column(rows: rows, leader: leader)
                }
            }
        }
        return columns
    }

    /// Returns the runs of scored windows that are visible. A curve does not cross silence or a dropped window.
    func visibleRuns(_ history: [DashboardSnapshot.Point]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for index in scale.visible(history) {
            if isDrawn(history[index]) {
                // The last point before the left edge is kept, because the curve enters the plot from it.
                let next = index + 1
                let leavesAtLeft = scale.column(history[index].time) < 0
                if leavesAtLeft, next < history.count, scale.column(history[next].time) < 0 { continue }
                if start == nil { start = index }
            } else if let from = start {
                runs.append(from..<index)
                start = nil
            }
        }
        if let from = start { runs.append(from..<scale.visible(history).upperBound) }
        return runs
    }

    private func draw(
        _ run: ArraySlice<DashboardSnapshot.Point>, _ emotion: Emotion, leads: Bool, on canvas: inout DotCanvas
    ) {
        guard let first = run.first else { return }
        var before = position(first, emotion)
        if run.count == 1 {
            // A single window between two silences becomes a dash of two dots.
            guard leads == (scores(first).argmax == emotion) else { return }
            for x in (before.x - 1)...before.x { set(x, before.y, emotion, leads: leads, &canvas) }
            return
        }
        for point in run.dropFirst() {
            let here = position(point, emotion)
            if leads == (scores(point).argmax == emotion) {
                segment(from: before, to: here, emotion, leads: leads, on: &canvas)
            }
            before = here
        }
    }

    private func position(_ point: DashboardSnapshot.Point, _ emotion: Emotion) -> (x: Int, y: Int) {
        (scale.column(point.time), scale.row(Double(scores(point)[emotion])))
    }

    /// Draws a straight line, column by column. Dashes are counted across; a steep line has no gaps, or a jump could
    /// fall into one and vanish.
    private func segment(
        from a: (x: Int, y: Int), to b: (x: Int, y: Int), _ emotion: Emotion, leads: Bool,
        on canvas: inout DotCanvas
    ) {
        let across = b.x - a.x
        guard across > 0 else {
            stroke(b.x, min(a.y, b.y)...max(a.y, b.y), emotion, leads: leads, &canvas)
            return
        }
        func height(_ x: Int) -> Int {
            a.y + clampedInt((Double(b.y - a.y) * Double(x - a.x) / Double(across)).rounded())
        }
        let left = max(a.x, -1)
        let right = min(b.x, scale.width - 1)
        guard left <= right else { return }
        var y = height(left)
        for x in left...right {
            let target = height(x)
            // From one column to the next the line passes through all rows in between.
            let reach = target > y ? (y + 1)...target : target < y ? target...(y - 1) : y...y
            stroke(x, reach, emotion, leads: leads, &canvas)
            y = target
        }
    }

    /// Draws one column of a curve.
    private func stroke(
        _ x: Int, _ rows: ClosedRange<Int>, _ emotion: Emotion, leads: Bool, _ canvas: inout DotCanvas
    ) {
        guard leads || rows.lowerBound < canvas.height - 1 else { return }
        let isSolid = leads || canvas.glyphs != .braille || emotion.dashPattern.isOn(at: x + scale.origin)
        guard isSolid || rows.count > 2 else { return }
        for y in rows where isSolid || y % 2 == 0 { set(x, y, emotion, leads: leads, &canvas) }
        guard leads, canvas.glyphs == .braille else { return }
        // The second dot stays in the cell of the first: in the next cell it would recolour another curve.
        let isAtFoot = rows.upperBound % canvas.glyphs.dots.down == canvas.glyphs.dots.down - 1
        set(x, isAtFoot ? rows.lowerBound - 1 : rows.upperBound + 1, emotion, leads: leads, &canvas)
    }

    private func set(_ x: Int, _ y: Int, _ emotion: Emotion, leads: Bool, _ canvas: inout DotCanvas) {
        let letter = leads ? emotion.letter : emotion.letter.lowercased()
        canvas.set(
            x: x, y: y, Style(role: emotion.colorRole, isDim: !leads), letter: letter.unicodeScalars.first ?? "*")
    }
}

/// Returns a row for each letter at the right ends of the curves: near the wanted row, in the same order from top to
/// bottom, within `0..<rows`, each in a row of its own.
func letterRows(_ wanted: [Int], rows: Int) -> [Int] {
    guard wanted.count <= rows else { return wanted.map { min(max($0, 0), max(rows - 1, 0)) } }
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    var result = wanted
    var lowest = -1
    for index in order {
        result[index] = max(min(wanted[index], rows - 1), lowest + 1)
        lowest = result[index]
    }
    var highest = rows
    for index in order.reversed() {
        result[index] = min(result[index], highest - 1)
        highest = result[index]
    }
    return result
}
