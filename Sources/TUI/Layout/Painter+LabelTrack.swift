import EmotionCore

extension Painter {
    /// Paints the label track, one row under the plot: the decision of each moment, with its letter or a question mark
    /// where it changes; dots for silence, parallel lines for two at once, crosses for windows without scores.
    mutating func paintLabelTrack(x: Int, y: Int, width: Int, _ scale: PlotScale, _ curves: Curves) {
        let cells = labelTrackCells(width: width, scale, curves)
        for (column, cell) in cells.enumerated() {
            switch cell {
            case .empty: break
            case .silence: frame.put(glyphs.silence, x: x + column, y: y, .faint)
            case .overlap: frame.put(glyphs.overlap, x: x + column, y: y, .label)
            case .dropped: frame.put(glyphs.dropped, x: x + column, y: y, .alarm)
            case .decision(let decision):
                let isChange = column == 0 || cells[column - 1] != cell
                paintDecision(decision, isChange: isChange, x: x + column, y: y)
            }
        }
    }

    private mutating func paintDecision(_ decision: Decision, isChange: Bool, x: Int, y: Int) {
        switch decision {
        case .unsure: frame.put(isChange ? "?" : glyphs.grid, x: x, y: y, isChange ? .label : .faint)
        case .emotion(let emotion):
            let letter = emotion.letter.unicodeScalars.first ?? "?"
            let style = Style(role: emotion.colorRole, bold: isChange)
            frame.put(isChange ? letter : glyphs.labelRun, x: x, y: y, style)
        }
    }

    /// Returns the cells of the label track. A window stands for the time since the window before it; of several
    /// windows in a column the newest counts, except that a dropped one always shows.
    func labelTrackCells(width: Int, _ scale: PlotScale, _ curves: Curves) -> [LabelTrackCell] {
        var cells = Array(repeating: LabelTrackCell.empty, count: width)
        let across = glyphs.dots.across
        var before: Int?
        for point in voice.history where point.time.isFinite {
            let column = scale.column(point.time)
            let cell = column < 0 ? -1 : column / across
            defer { before = cell }
            guard cell >= 0, cell < width else { continue }
            let first = min(max((before ?? cell - 1) + 1, 0), cell)
            let content = labelTrackCell(point, curves)
            for index in first...cell where cells[index] != .dropped { cells[index] = content }
        }
        return cells
    }

    private func labelTrackCell(_ point: DashboardSnapshot.Point, _ curves: Curves) -> LabelTrackCell {
        switch point.status {
        case .silence: return .silence
        case .overlap: return .overlap
        case .dropped: return .dropped
        case .ok: return decision(curves.scores(point)).map(LabelTrackCell.decision) ?? .empty
        }
    }
}
