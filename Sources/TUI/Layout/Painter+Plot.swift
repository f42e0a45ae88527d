import EmotionCore

extension Painter {
    /// Seconds that the plot shows.
    var span: Double { state.span(of: snapshot.streamTime) }

    /// The stream time at the right edge of the plot.
    var plotEnd: Double { state.panned ?? (snapshot.streamTime.isFinite ? snapshot.streamTime : 0) }

    /// Paints the plot of the trajectory in a box.
    mutating func paintPlot(_ rect: Rect, title: String? = nil, hasAxis: Bool = true) {
        let title = title ?? (state.view == .conversation ? "conversation" : "trajectory")
        paintBorder(rect, title: title, note: isFirstOfPlots ? plotNote : "")
        paintCurves(rect.inner(), hasAxis: hasAxis)
    }

    private var plotNote: String {
        let kind = state.isSmoothed ? "smoothed" : "raw"
        guard let end = state.panned else { return "\(kind) \(glyphs.separator) \(spanText)" }
        return "\(kind) \(glyphs.separator) \(numbers.clock(end - span)) to \(numbers.clock(end)), End: now"
    }

    /// The stretch of time that the plots show, in words.
    var spanText: String {
        state.view == .conversation && state.conversationZoom == 0 ? "all so far" : "last \(numbers.span(span))"
    }

    /// Whether the plot says what is the same in all lanes of speakers, which is written once: the span, the notes of the
    /// markers.
    private var isFirstOfPlots: Bool { lane == 0 || !snapshot.hasSpeakers }

    /// Paints the plot without a box: axes, grid, markers, curves or bands, values and ribbon.
    ///
    /// - Parameter hasAxis: Whether the last row is the time axis.
    mutating func paintCurves(_ rect: Rect, hasAxis: Bool = true) {
        let rows = rect.height - (hasAxis ? 1 : 0)
        let ribbon = ribbonHeight(rows)
        let edge = frame.width >= 56 ? 5 : 3
        let area = Rect(x: rect.x + 5, y: rect.y, width: rect.width - 5 - edge, height: rows - ribbon)
        guard area.width >= 8, area.height >= 1 else { return }
        let scale = scale(area)
        let curves = Curves(scale: scale, isSmoothed: state.isSmoothed)
        let bands = showsBands(area)
        if !bands { paintGrid(area, scale) }
        let ticks = axisTicks(area, scale)
        for tick in ticks { paintTickLine(x: tick.x, area) }
        paintMarkers(area, scale, axis: hasAxis ? rect.bottom - 1 : nil)
        if hasAxis { paintTimes(ticks, area, y: rect.bottom - 1) }
        if bands {
            paintBands(area, scale, curves)
        } else {
            paintFourCurves(area, scale, curves)
            paintEdge(area, scale, curves)
        }
        paintMarkerNotes(area, scale)
        if ribbon > 0 {
            paintRibbon(Rect(x: area.x, y: area.bottom, width: area.width, height: ribbon), scale, curves)
        }
        if case .warmingUp = voice.current, voice.history.isEmpty { paintWaiting(area) }
    }

    /// Returns the rows of the ribbon, of all rows above the time axis: three where there is room. Bands take what they can
    /// share, and leave a row between them and the ribbon.
    private func ribbonHeight(_ rows: Int) -> Int {
        let count = Emotion.allCases.count
        guard span >= Self.bandsFrom, rows > count else {
            return rows >= 10 ? 3 : rows >= (isSplit && snapshot.hasSpeakers ? 4 : 6) ? 1 : 0
        }
        let rest = rows - (rows - (rows >= 16 ? 4 : 1)) / count * count
        return rest <= 1 ? rest : min(3, rest - 1)
    }

    /// Paints the curves over the filled area of the one that leads.
    private mutating func paintFourCurves(_ area: Rect, _ scale: PlotScale, _ curves: Curves) {
        let columns = curves.columns(voice.history)
        var canvas = DotCanvas(columns: area.width, rows: area.height, glyphs: glyphs)
        if palette.hasTints {
            paintTint(columns, area)
        } else if palette.hasColor {
            curves.fill(columns, on: &canvas)
        }
        curves.draw(voice.history, on: &canvas)
        canvas.draw(into: &frame, x: area.x, y: area.y)
        if !palette.hasColor, glyphs == .braille { paintLettersOnCurves(columns, area, scale) }
    }

    /// Tints the cells under the leading curve in its colour, the stronger the nearer.
    private mutating func paintTint(_ columns: [Curves.Column?], _ area: Rect) {
        let (across, down) = glyphs.dots
        for x in 0..<area.width {
            guard let column = columns[x * across] ?? columns[x * across + across - 1] else { continue }
            // The curve's own cell is tinted where most of it lies under the curve.
            let top = (column.rows[column.leader.index] + 2) / down
            for row in max(top, 0)..<max(area.height, top) where row < area.height {
                let depth = Tint.strengths * (row - top) / max(1, area.height - top)
                let tint = Tint(role: column.leader.colorRole, strength: Tint.strengths - depth)
                frame.tint(tint, x: area.x + x, y: area.y + row)
            }
        }
    }

    /// Paints letters on the curves, where colour does not tell them apart. They scroll with the curves.
    private mutating func paintLettersOnCurves(_ columns: [Curves.Column?], _ area: Rect, _ scale: PlotScale) {
        let (across, down) = glyphs.dots
        let distance = 16
        for x in 0..<area.width {
            guard let column = columns[x * across] else { continue }
            let place = ((scale.origin / across + x) % distance + distance) % distance
            guard place % 4 == 0 else { continue }
            let emotion = Emotion.allCases[place / 4]
            let row = column.rows[emotion.index]
            guard emotion == column.leader || row < scale.height - 1 else { continue }
            let style = Style(role: emotion.colorRole, bold: emotion == column.leader)
            frame.put(emotion.letter, x: area.x + x, y: area.y + min(row / down, area.height - 1), style)
        }
    }

    /// Paints the ribbon alone, in the first row of a rectangle that has no room for the plot.
    mutating func paintRibbon(_ rect: Rect) {
        let area = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
        let scale = scale(area)
        paintRibbon(area, scale, Curves(scale: scale, isSmoothed: state.isSmoothed))
    }

    private func scale(_ area: Rect) -> PlotScale {
        PlotScale(
            width: area.width * glyphs.dots.across, height: area.height * glyphs.dots.down, now: plotEnd, span: span)
    }

    /// Paints probabilities in per cent at the left and a faint line at the height of each.
    private mutating func paintGrid(_ area: Rect, _ scale: PlotScale) {
        let marks: [Double] = area.height >= 13 ? [1, 0.75, 0.5, 0.25, 0] : area.height >= 4 ? [1, 0.5, 0] : [1, 0]
        for mark in marks {
            let y = area.y + min(scale.row(mark) / glyphs.dots.down, area.height - 1)
            frame.put(numbers.padded("\(clampedInt(mark * 100))", 3), x: area.x - 4, y: y, .label)
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

    /// The name of the right edge: `now`, or its time where the picture stands still.
    private var endName: String {
        state.panned == nil && !state.isFrozen && !snapshot.ended ? "now" : numbers.clock(plotEnd)
    }

    /// Paints stream times under the plot. A time that would overlap another one or a marker's arrow is left out.
    private mutating func paintTimes(_ ticks: [(time: Double, x: Int)], _ area: Rect, y: Int) {
        let name = endName
        var free = area.x - 5
        for tick in ticks {
            let label = numbers.clock(tick.time)
            let start = tick.x - displayWidth(label) / 2
            let end = start + displayWidth(label)
            guard start >= free, end <= area.right - displayWidth(name) - 1 else { continue }
            guard (start..<end).allSatisfy({ frame[$0, y].scalar == 0x20 }) else { continue }
            frame.put(label, x: start, y: y, .label)
            free = end + 1
        }
        frame.put(name, x: max(area.right - displayWidth(name), area.x), y: y, .label, limit: area.width)
    }

    /// The visible markers, with their columns in the picture.
    private func markerColumns(_ area: Rect, _ scale: PlotScale) -> [(x: Int, note: String)] {
        snapshot.markers.compactMap { marker in
            guard marker.time.isFinite else { return nil }
            let column = scale.column(marker.time)
            return column >= 0 && column < scale.width ? (area.x + column / glyphs.dots.across, marker.note) : nil
        }
    }

    /// Paints a vertical line for each marker, and an arrow on the row of the axis unless the right edge's name stands there.
    private mutating func paintMarkers(_ area: Rect, _ scale: PlotScale, axis: Int?) {
        for (x, _) in markerColumns(area, scale) {
            for row in area.y..<area.bottom { frame.put(glyphs.markerLine, x: x, y: row, .accent) }
            if let axis, x < area.right - displayWidth(endName) { frame.put(glyphs.markerArrow, x: x, y: axis, .key) }
        }
    }

    /// Paints the notes of the markers at the top, over the curves, as long as there is room before the next marker.
    private mutating func paintMarkerNotes(_ area: Rect, _ scale: PlotScale) {
        let columns = markerColumns(area, scale)
        for (index, marker) in columns.enumerated() {
            let next = index + 1 < columns.count ? columns[index + 1].x : area.right
            let room = min(24, next - marker.x - 2)
            guard !marker.note.isEmpty, room >= 3, isFirstOfPlots else { continue }
            frame.put(glyphs.markerLine, x: marker.x, y: area.y, .accent)
            frame.put(marker.note, x: marker.x + 1, y: area.y, .accent, limit: room)
        }
    }

    /// Returns the newest probabilities that the plot shows, and whether somebody speaks now.
    func lastScores(_ scale: PlotScale, _ curves: Curves) -> (scores: EmotionScores, isLive: Bool)? {
        let history = voice.history[scale.visible(voice.history)].filter { $0.time <= plotEnd }
        guard let last = history.last(where: curves.isDrawn), scale.column(last.time) >= 0 else { return nil }
        return (curves.scores(last), history.last?.status == .ok)
    }

    /// Paints each emotion's letter and percentage at the right end of its curve; in grey at the last scores while nobody
    /// speaks.
    private mutating func paintEdge(_ area: Rect, _ scale: PlotScale, _ curves: Curves) {
        guard let (scores, isLive) = lastScores(scale, curves) else { return }
        let wanted = Emotion.allCases.map { scale.row(Double(scores[$0])) / glyphs.dots.down }
        // Where two letters want the same row, the likelier emotion goes above; in the lowest plots it takes the row.
        let ranked = Emotion.allCases.sorted { scores[$0] > scores[$1] }
        let rows = letterRows(ranked.map { wanted[$0.index] }, rows: area.height)
        for (emotion, row) in zip(ranked, rows).reversed() {
            paintEdge(
                emotion, scores, x: area.right, y: area.y + row, isLive: isLive, isLeader: emotion == ranked.first)
        }
    }

    /// Paints an emotion's letter and, where there is room, its percentage beside the plot.
    mutating func paintEdge(
        _ emotion: Emotion, _ scores: EmotionScores, x: Int, y: Int, isLive: Bool, isLeader: Bool
    ) {
        let style = isLive ? Style(role: emotion.colorRole, bold: true, isDim: !isLeader) : .label
        frame.put(emotion.letter, x: x + 1, y: y, style)
        guard frame.width >= 56, isLive else { return }
        let percent = clampedInt((clampedUnit(Double(scores[emotion])) * 100).rounded())
        frame.put(numbers.padded("\(percent)", 3), x: x + 2, y: y, isLeader ? style : .label)
    }

    /// Paints the text that stands in the plot before the first window.
    private mutating func paintWaiting(_ area: Rect) {
        let text = " listening: the first window is not full yet "
        let width = min(displayWidth(text), area.width)
        frame.put(text, x: area.x + (area.width - width) / 2, y: area.y + area.height / 2, .label, limit: width)
    }
}
