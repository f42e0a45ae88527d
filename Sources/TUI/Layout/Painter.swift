import EmotionCore

/// Paints one picture of the dashboard.
///
/// The same snapshot, state, size and glyphs give the same frame. Each panel is an extension in a file of its own.
struct Painter {
    var frame: Frame
    let snapshot: DashboardSnapshot
    let state: DashboardState
    let glyphs: Glyphs
    let palette: Palette
    /// The index of the voice that is painted.
    var lane = 0

    /// The smallest size that the dashboard fits on.
    static let minimum = (width: 40, height: 10)

    var numbers: Numbers { Numbers(glyphs: glyphs) }

    /// The voice that is painted.
    var voice: DashboardSnapshot.Voice { snapshot.voices[lane] }

    /// Whether several voices are shown, a lane each.
    var isSplit: Bool { snapshot.voices.count > 1 }

    /// The newest window's probabilities, smoothed or raw as the user chose.
    var scores: EmotionScores { state.isSmoothed ? voice.smoothed : voice.raw }

    /// Returns the picture of a snapshot for a terminal of any size, in cells.
    static func frame(
        of snapshot: DashboardSnapshot, state: DashboardState, width: Int, height: Int, glyphs: Glyphs,
        depth: ColorDepth
    ) -> Frame {
        var painter = Painter(
            frame: Frame(width: width, height: height, asciiOnly: glyphs == .ascii),
            snapshot: snapshot, state: state, glyphs: glyphs, palette: Palette(theme: state.theme, depth: depth))
        painter.paint()
        return painter.frame
    }

    private mutating func paint() {
        let (width, height) = (frame.width, frame.height)
        guard width >= Self.minimum.width, height >= Self.minimum.height else {
            paintTooSmall()
            return
        }
        paintHeader(y: 0)
        let body = Rect(x: 0, y: 1, width: width, height: height - 2)
        switch state.view {
        case _ where isSplit: paintLanes(body)
        case .big: paintBigVoice(body)
        case .conversation: paintConversation(body)
        case .trajectory where width >= 76 && height >= 20: paintPanels(body)
        case .trajectory where width >= 56 && height >= 24: paintTall(body)
        case .trajectory: paintCompact(body)
        }
        paintFooter(y: height - 1)
        if let choice = state.sourceChoice { paintSources(choice) }
        if state.showsHelp { paintHelp() }
    }

    /// Paints the plot over two panels and the machine's line.
    private mutating func paintPanels(_ body: Rect) {
        let panels = min(14, max(9, body.height * 2 / 7))
        let plot = Rect(x: 0, y: body.y, width: body.width, height: body.height - panels - 1)
        paintPlot(plot)
        let now = body.width / 2
        paintNow(Rect(x: 0, y: plot.bottom, width: now, height: panels))
        paintLevels(Rect(x: now, y: plot.bottom, width: body.width - now, height: panels))
        paintMachine(y: body.bottom - 1)
    }

    /// Paints the plot over the panel of the newest window and two lines, for narrow and high terminals.
    private mutating func paintTall(_ body: Rect) {
        let panel = min(14, max(9, body.height * 2 / 7))
        let plot = Rect(x: 0, y: body.y, width: body.width, height: body.height - panel - 2)
        paintPlot(plot)
        paintNow(Rect(x: 0, y: plot.bottom, width: body.width, height: panel))
        paintLevelsLine(y: body.bottom - 2)
        paintMachine(y: body.bottom - 1)
    }

    /// Paints the whole session so far, over the newest window in a line.
    private mutating func paintConversation(_ body: Rect) {
        let lines = body.height >= 11 ? 2 : 1
        let plot = Rect(x: 0, y: body.y, width: body.width, height: body.height - lines)
        if body.width >= 76 && body.height >= 16 { paintPlot(plot) } else { paintCurves(plot) }
        if voice.name == nil { paintNowLine(y: plot.bottom) } else { paintSpeakerLine(y: plot.bottom) }
        if lines == 2 { paintMachine(y: body.bottom - 1) }
    }

    /// Paints the plot without a box over three to five lines of text, for small terminals.
    private mutating func paintCompact(_ body: Rect) {
        let long = body.width >= 56 && body.height >= 11
        let lines = long ? 5 : 3
        paintCurves(Rect(x: 0, y: body.y, width: body.width, height: body.height - lines))
        let y = body.bottom - lines
        if voice.name == nil { paintNowLine(y: y) } else { paintSpeakerLine(y: y) }
        if long {
            paintBarGrid(Rect(x: 1, y: y + 1, width: body.width - 2, height: 2))
            paintLevelsLine(y: y + 3)
            paintMachine(y: y + 4)
        } else {
            paintScoresLine(y: y + 1)
            paintLevelsLine(y: y + 2)
        }
    }

    /// Paints the size that the dashboard needs.
    private mutating func paintTooSmall() {
        let (width, height) = (frame.width, frame.height)
        let lines = [
            "emoscope needs at least \(Self.minimum.width)x\(Self.minimum.height);",
            "this terminal is \(width)x\(height)",
        ]
        for (row, line) in lines.enumerated() where row < height {
            frame.put(line, x: 0, y: row, .text, limit: width)
        }
    }

    /// Paints a border with a title and, if they fit, a note at its right and a foot in the lower edge.
    mutating func paintBorder(
        _ rect: Rect, title: String, titleLimit: Int = .max, note: String = "", noteStyle: Style = .label,
        foot: String = ""
    ) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        let (right, bottom) = (rect.right - 1, rect.bottom - 1)
        for y in [rect.y, bottom] { frame.fill(glyphs.horizontal, x: rect.x, y: y, count: rect.width, .faint) }
        for y in (rect.y + 1)..<max(bottom, rect.y + 1) {
            frame.put(glyphs.vertical, x: rect.x, y: y, .faint)
            frame.put(glyphs.vertical, x: right, y: y, .faint)
        }
        frame.put(glyphs.topLeft, x: rect.x, y: rect.y, .faint)
        frame.put(glyphs.topRight, x: right, y: rect.y, .faint)
        frame.put(glyphs.bottomLeft, x: rect.x, y: bottom, .faint)
        frame.put(glyphs.bottomRight, x: right, y: bottom, .faint)
        if !foot.isEmpty, displayWidth(foot) + 6 <= rect.width {
            frame.put(" \(foot) ", x: rect.x + 2, y: bottom, .label)
        }
        let limit = min(titleLimit, rect.width - 6)
        var used = frame.put(" ", x: rect.x + 2, y: rect.y, .title)
        used += frame.put(title, x: rect.x + 3, y: rect.y, .title, limit: limit)
        used += frame.put(" ", x: rect.x + 2 + used, y: rect.y, .title)
        let space = rect.width - 5 - used
        guard !note.isEmpty, displayWidth(note) + 2 <= space else { return }
        frame.put(" \(note) ", x: right - 3 - displayWidth(note), y: rect.y, noteStyle)
    }

    /// Paints a share, 0…1, as a line: the filled part in `role`, the rest faint.
    mutating func paintLine(x: Int, y: Int, width: Int, fraction: Double, _ role: ColorRole) {
        guard width > 0 else { return }
        let halves = clampedInt((clampedUnit(fraction) * Double(width * 2)).rounded())
        frame.fill(glyphs.lineTrack, x: x, y: y, count: width, .faint)
        frame.fill(glyphs.lineFull, x: x, y: y, count: halves / 2, Style(role: role))
        if halves % 2 == 1 { frame.put(glyphs.lineHalf, x: x + halves / 2, y: y, Style(role: role)) }
    }

    /// Paints a probability, 0…1, as a bar half a row high, to half a cell.
    mutating func paintBar(x: Int, y: Int, width: Int, fraction: Double, _ style: Style) {
        guard width > 0 else { return }
        let halves = clampedInt((clampedUnit(fraction) * Double(width * 2)).rounded())
        frame.fill(glyphs.barTrack, x: x, y: y, count: width, .faint)
        frame.fill(glyphs.bar, x: x, y: y, count: halves / 2, style)
        if halves % 2 == 1 { frame.put(glyphs.barHalf, x: x + halves / 2, y: y, style) }
    }
}
