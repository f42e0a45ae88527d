import EmotionCore

/// What one column of the ribbon under the plot says.
enum RibbonCell: Equatable {
    case nothing, silence, dropped, unsure
    case emotion(Emotion)
}

extension Painter {
    /// One row under the plot: the leading emotion of each moment, its letter where it takes over, a faint line after
    /// a question mark where none is sure, dots where nobody spoke, crosses where windows were dropped.
    mutating func paintRibbon(x: Int, y: Int, width: Int, _ scale: PlotScale, _ curves: Curves) {
        let cells = ribbonCells(width: width, scale, curves)
        for (column, cell) in cells.enumerated() {
            switch cell {
            case .nothing: break
            case .silence: frame.put(glyphs.quiet, x: x + column, y: y, .faint)
            case .dropped: frame.put(glyphs.cross, x: x + column, y: y, .alarm)
            case .unsure:
                let takesOver = column == 0 || cells[column - 1] != cell
                frame.put(takesOver ? "?" : glyphs.grid, x: x + column, y: y, takesOver ? .label : .faint)
            case .emotion(let emotion):
                let takesOver = column == 0 || cells[column - 1] != cell
                let letter = emotion.letter.unicodeScalars.first ?? "?"
                frame.put(
                    takesOver ? letter : glyphs.ribbon, x: x + column, y: y,
                    Style(ink: emotion.ink, bold: takesOver))
            }
        }
    }

    /// A window speaks for the time since the one before it; of several in a column the newest counts, but a dropped
    /// one always shows.
    func ribbonCells(width: Int, _ scale: PlotScale, _ curves: Curves) -> [RibbonCell] {
        var cells = Array(repeating: RibbonCell.nothing, count: width)
        let across = glyphs.dots.across
        var before: Int?
        for point in voice.history where point.time.isFinite {
            let column = scale.column(point.time)
            let cell = column < 0 ? -1 : column / across
            defer { before = cell }
            guard cell >= 0, cell < width else { continue }
            let first = min(max((before ?? cell - 1) + 1, 0), cell)
            let content = ribbonCell(point, curves)
            for index in first...cell where cells[index] != .dropped { cells[index] = content }
        }
        return cells
    }

    private func ribbonCell(_ point: DashboardSnapshot.Point, _ curves: Curves) -> RibbonCell {
        switch point.status {
        case .silence: return .silence
        case .dropped: return .dropped
        case .ok:
            let scores = curves.scores(point)
            guard scores.isFinite else { return .nothing }
            return isUnsure(scores) ? .unsure : .emotion(scores.argmax)
        }
    }
}
