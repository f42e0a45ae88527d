import EmotionCore

/// One column of the ribbon under the plot.
enum RibbonCell: Equatable {
    case empty, silence, overlap, dropped
    case decision(Decision)
}

extension Painter {
    /// Paints the ribbon under the plot: the decision of each moment as a block in the emotion's colour with its name;
    /// dots for silence, parallel lines for two at once, crosses for windows without scores.
    mutating func paintRibbon(_ rect: Rect, _ scale: PlotScale, _ curves: Curves) {
        let cells = ribbonCells(width: rect.width, scale, curves)
        var start = 0
        while start < cells.count {
            let end = cells[start...].firstIndex { $0 != cells[start] } ?? cells.count
            let run = Rect(x: rect.x + start, y: rect.y, width: end - start, height: rect.height)
            paintRun(cells[start], run)
            start = end
        }
    }

    private mutating func paintRun(_ cell: RibbonCell, _ run: Rect) {
        let middle = run.y + run.height / 2
        switch cell {
        case .empty: break
        case .silence: frame.fill(glyphs.silence, x: run.x, y: middle, count: run.width, .faint)
        case .overlap: frame.fill(glyphs.overlap, x: run.x, y: middle, count: run.width, .label)
        case .dropped:
            for y in run.y..<run.bottom { frame.fill(glyphs.dropped, x: run.x, y: y, count: run.width, .alarm) }
        case .decision(.unsure):
            frame.fill(glyphs.grid, x: run.x, y: middle, count: run.width, .faint)
            let text = run.width >= 10 ? "? unsure" : "?"
            frame.put(text, x: run.x, y: middle, .label)
        case .decision(.emotion(let emotion)): paintRun(of: emotion, run, middle: middle)
        }
    }

    /// Paints a run of one emotion. Without colour, each emotion has a shade of its own, and in ASCII its letter.
    private mutating func paintRun(of emotion: Emotion, _ run: Rect, middle: Int) {
        let isBlock = palette.hasColor && glyphs != .ascii
        // Ordinary speech is most of a day, and stands back.
        let style = Style(role: emotion.colorRole, reverse: isBlock, isDim: emotion == .neutral)
        let fill: Unicode.Scalar = isBlock ? " " : glyphs == .ascii ? emotion.shade.letter : emotion.shade.block
        for y in run.y..<run.bottom { frame.fill(fill, x: run.x, y: y, count: run.width, style) }
        let name = emotion.rawValue
        let text = run.width >= name.count + 2 ? name : emotion.letter
        let inset = run.width >= name.count + 4 ? 2 : run.width >= 3 ? 1 : 0
        var words = style
        words.bold = true
        if !isBlock, inset > 0 {
            frame.put(" \(text) ", x: run.x + inset - 1, y: middle, words, limit: run.width - inset + 1)
        } else {
            frame.put(text, x: run.x + inset, y: middle, words)
        }
    }

    /// Returns the cells of the ribbon. Of several windows in a column the newest counts, except that a dropped one
    /// always shows.
    func ribbonCells(width: Int, _ scale: PlotScale, _ curves: Curves) -> [RibbonCell] {
        var cells = Array(repeating: RibbonCell.empty, count: width)
        for (range, point) in windowCells(width: width, scale) {
            let content = ribbonCell(point, curves)
            for index in range where cells[index] != .dropped { cells[index] = content }
        }
        return cells
    }

    private func ribbonCell(_ point: DashboardSnapshot.Point, _ curves: Curves) -> RibbonCell {
        switch point.status {
        case .silence: return .silence
        case .overlap: return .overlap
        case .dropped: return .dropped
        case .ok: return decision(curves.scores(point)).map(RibbonCell.decision) ?? .empty
        }
    }

    /// Returns the visible windows with the columns of cells that each stands for: the time that is nearer to its middle
    /// than to that of another window, and a column at least.
    func windowCells(width: Int, _ scale: PlotScale) -> [(range: Range<Int>, point: DashboardSnapshot.Point)] {
        let history = voice.history
        let across = glyphs.dots.across
        func cell(_ time: Double) -> Int {
            let column = scale.column(time)
            return column < 0 ? -1 : min(column / across, width)
        }
        var result: [(range: Range<Int>, point: DashboardSnapshot.Point)] = []
        for index in scale.visible(history) where history[index].time.isFinite {
            let time = history[index].time
            let before = index > 0 ? (time - history[index - 1].time) / 2 : nil
            let after = index + 1 < history.count ? (history[index + 1].time - time) / 2 : nil
            let (left, right) = (before ?? after ?? 0.25, after ?? before ?? 0.25)
            guard left.isFinite, right.isFinite, left >= 0, right >= 0, cell(time) >= 0 || cell(time + right) >= 0
            else { continue }
            let first = max(cell(time - left), 0)
            guard first < width else { continue }
            result.append((first..<max(first + 1, min(cell(time + right), width)), history[index]))
        }
        return result
    }
}
