import EmotionCore

extension Painter {
    /// Paints the plot of the trajectory in a box.
    mutating func paintPlot(_ rect: Rect, title: String = "trajectory", hasAxis: Bool = true) {
        let kind = state.isSmoothed ? "smoothed" : "raw"
        let note = isFirstOfPlots ? "\(kind) \(glyphs.separator) last \(numbers.span(state.span))" : ""
        paintBorder(rect, title: title, note: note)
        paintCurves(rect.inner(), hasAxis: hasAxis)
    }

    /// Whether the plot says what is the same in all lanes of speakers, which is written once: the span, the notes of the
    /// markers.
    private var isFirstOfPlots: Bool { lane == 0 || !snapshot.hasSpeakers }

    /// Paints the plot without a box: axes, grid, markers, curves, letters and label track.
    ///
    /// - Parameter hasAxis: Whether the last row is the time axis.
    mutating func paintCurves(_ rect: Rect, hasAxis: Bool = true) {
        let rows = rect.height - (hasAxis ? 1 : 0)
        let hasTrack = rows >= (isSplit && snapshot.hasSpeakers ? 4 : 6)
        let area = Rect(x: rect.x + 5, y: rect.y, width: rect.width - 8, height: rows - (hasTrack ? 1 : 0))
        guard area.width >= 8, area.height >= 1 else { return }
        let scale = scale(area)
        paintGrid(area, scale)
        let ticks = axisTicks(area, scale)
        for tick in ticks { paintTickLine(x: tick.x, area) }
        paintMarkers(area, scale, axis: hasAxis ? rect.bottom - 1 : nil)
        if hasAxis { paintTimes(ticks, area, y: rect.bottom - 1) }
        let curves = Curves(scale: scale, isSmoothed: state.isSmoothed)
        var canvas = DotCanvas(columns: area.width, rows: area.height, glyphs: glyphs)
        curves.draw(voice.history, on: &canvas)
        canvas.draw(into: &frame, x: area.x, y: area.y)
        paintLetters(area, scale, curves)
        if hasTrack { paintLabelTrack(x: area.x, y: area.bottom, width: area.width, scale, curves) }
        if case .warmingUp = voice.current, voice.history.isEmpty { paintWaiting(area) }
    }

    /// Paints the label track alone, in the first row of a rectangle that has no room for the plot.
    mutating func paintLabelTrack(_ rect: Rect) {
        let area = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
        let scale = scale(area)
        let curves = Curves(scale: scale, isSmoothed: state.isSmoothed)
        paintLabelTrack(x: area.x, y: area.y, width: area.width, scale, curves)
    }

    private func scale(_ area: Rect) -> PlotScale {
        PlotScale(
            width: area.width * glyphs.dots.across, height: area.height * glyphs.dots.down,
            now: snapshot.streamTime.isFinite ? snapshot.streamTime : 0, span: state.span)
    }

    /// Paints probabilities at the left and a faint line at the height of each.
    private mutating func paintGrid(_ area: Rect, _ scale: PlotScale) {
        let marks: [Double] = area.height >= 13 ? [1, 0.75, 0.5, 0.25, 0] : area.height >= 4 ? [1, 0.5, 0] : [1, 0]
        for mark in marks {
            let y = area.y + min(scale.row(mark) / glyphs.dots.down, area.height - 1)
            let decimals = marks.count == 5 ? 2 : 1
            frame.put(numbers.padded(numbers.fixed(mark, decimals), 4), x: area.x - 5, y: y, .label)
            frame.fill(glyphs.grid, x: area.x, y: y, count: area.width, .faint)
        }
    }

    /// Returns the round seconds of the time axis with their columns.
    private func axisTicks(_ area: Rect, _ scale: PlotScale) -> [(time: Double, x: Int)] {
        let across = glyphs.dots.across
        return scale.ticks(every: scale.tickStep(room: 11 * across)).compactMap { time in
            let x = area.x + scale.column(time) / across
            return x >= area.x && x < area.right ? (time, x) : nil
        }
    }

    /// Paints a faint vertical line.
    private mutating func paintTickLine(x: Int, _ area: Rect) {
        for row in area.y..<area.bottom where frame[x, row].scalar == 0x20 {
            frame.put(glyphs.gridLine, x: x, y: row, .faint)
        }
    }

    /// Paints stream times under the plot. A time that would overlap another one or a marker's arrow is left out.
    private mutating func paintTimes(_ ticks: [(time: Double, x: Int)], _ area: Rect, y: Int) {
        var free = area.x - 5
        for tick in ticks {
            let label = numbers.clock(tick.time)
            let start = tick.x - displayWidth(label) / 2
            let end = start + displayWidth(label)
            guard start >= free, end <= area.right - 4 else { continue }
            guard (start..<end).allSatisfy({ frame[$0, y].scalar == 0x20 }) else { continue }
            frame.put(label, x: start, y: y, .label)
            free = end + 1
        }
        frame.put("now", x: area.right - 3, y: y, .label)
    }

    /// Paints a vertical line for each marker, an arrow on the row of the axis unless `now` stands there, and its note at
    /// the top.
    private mutating func paintMarkers(_ area: Rect, _ scale: PlotScale, axis: Int?) {
        for marker in snapshot.markers where marker.time.isFinite {
            let column = scale.column(marker.time)
            guard column >= 0, column < scale.width else { continue }
            let x = area.x + column / glyphs.dots.across
            for row in area.y..<area.bottom { frame.put(glyphs.markerLine, x: x, y: row, .accent) }
            if let axis, x < area.right - 3 { frame.put(glyphs.markerArrow, x: x, y: axis, .key) }
            let room = min(16, area.right - x - 1)
            if !marker.note.isEmpty, room >= 3, isFirstOfPlots {
                frame.put(marker.note, x: x + 1, y: area.y, .accent, limit: room)
            }
        }
    }

    /// Paints each emotion's letter at the right end of its curve; in grey at the last scores while nobody speaks.
    private mutating func paintLetters(_ area: Rect, _ scale: PlotScale, _ curves: Curves) {
        guard let last = voice.history.last(where: { $0.status == .ok && curves.scores($0).isFinite }),
            scale.column(last.time) >= 0
        else { return }
        let scores = curves.scores(last)
        let wanted = Emotion.allCases.map { scale.row(Double(scores[$0])) / glyphs.dots.down }
        // Where two letters want the same row, the likelier emotion goes above; in the lowest plots it takes the row.
        let ranked = Emotion.allCases.sorted { scores[$0] > scores[$1] }
        let rows = letterRows(ranked.map { wanted[$0.index] }, rows: area.height)
        let isLive = voice.history.last?.status == .ok
        for (emotion, row) in zip(ranked, rows).reversed() {
            let style = isLive ? Style(role: emotion.colorRole, bold: true) : .label
            frame.put(emotion.letter, x: area.right + 1, y: area.y + row, style)
        }
    }

    /// Paints the text that stands in the plot before the first window.
    private mutating func paintWaiting(_ area: Rect) {
        let text = " listening: the first window is not full yet "
        let width = min(displayWidth(text), area.width)
        frame.put(text, x: area.x + (area.width - width) / 2, y: area.y + area.height / 2, .label, limit: width)
    }
}
