import EmotionCore

extension Painter {
    /// Paints two channels, a lane each, one above the other.
    mutating func paintLanes(_ body: Rect) {
        var rest = body
        let isWide = body.width >= 76 && body.height >= 18
        if state.view == .trajectory {
            if isWide && body.width >= 110 {
                let panel = 32
                rest.width -= panel
                paintPerformance(Rect(x: rest.right, y: body.y, width: panel, height: body.height))
            } else if body.height >= 12 {
                rest.height -= 1
                paintPerformanceLine(y: rest.bottom)
            }
        }
        for index in snapshot.voices.indices {
            lane = index
            let top = rest.height * index / snapshot.voices.count
            let bottom = rest.height * (index + 1) / snapshot.voices.count
            let rect = Rect(x: rest.x, y: rest.y + top, width: rest.width, height: bottom - top)
            switch state.view {
            case .big: paintBigLane(rect)
            case .trajectory where isWide: paintLane(rect)
            case .trajectory: paintCompactLane(rect)
            }
        }
        lane = 0
    }

    /// The title of the lane that is painted.
    private var laneName: String { "channel \(lane + 1)" }

    /// Paints a wide lane: the plot, with the current label and level at its right.
    private mutating func paintLane(_ rect: Rect) {
        let now = min(46, max(37, rect.width * 2 / 5))
        paintPlot(Rect(x: rect.x, y: rect.y, width: rect.width - now, height: rect.height), title: laneName)
        paintVoice(Rect(x: rect.right - now, y: rect.y, width: now, height: rect.height))
    }

    /// Paints the current label over four bars, the waveform if there is room, and a line with level and voice.
    private mutating func paintVoice(_ rect: Rect) {
        let headline = headline
        paintBorder(
            rect, title: "now", note: headline.note, noteStyle: Style(role: headline.role), foot: baselineText)
        let inner = rect.inner(padding: 1)
        guard inner.height >= 6 else { return }
        var y = inner.y
        if inner.height >= 8 {
            paintBigWord(headline.word, x: inner.x, y: y, limit: inner.width, Style(role: headline.role))
            y += 3
        } else {
            let style = Style(role: headline.role, bold: true)
            frame.put(headline.word.uppercased(), x: inner.x, y: y, style, limit: inner.width)
            y += 1
        }
        for emotion in Emotion.allCases {
            paintBarRow(emotion, x: inner.x, y: y, width: inner.width)
            y += 1
        }
        let line = inner.bottom - 1
        if line - y >= 3 {
            paintWaveform(Rect(x: inner.x, y: y + 1, width: inner.width, height: line - y - 1))
        }
        paintLevelsLine(x: inner.x, y: line, width: inner.width)
    }

    /// Paints a small lane: the label in a line, the percentages in another if there is room, and the plot without a
    /// box.
    private mutating func paintCompactLane(_ rect: Rect) {
        let x = 1 + frame.put("\(lane + 1)", x: 1, y: rect.y, .key) + 1
        paintNowLine(x: x, y: rect.y)
        let lines = rect.height >= 6 ? 2 : 1
        if lines == 2 { paintScoresLine(y: rect.y + 1) }
        paintCurves(Rect(x: rect.x, y: rect.y + lines, width: rect.width, height: rect.height - lines))
    }

    /// Paints a lane of the big view. A low lane has the note beside the channel's name; a lower one has a line in
    /// place of the large letters.
    private mutating func paintBigLane(_ rect: Rect) {
        if rect.height >= 9 { paintBig(rect) }
        let x = 1 + frame.put(laneName, x: 1, y: rect.y, .key) + 2
        guard rect.height < 9 else { return }
        paintBarGrid(Rect(x: 2, y: rect.bottom - 2, width: rect.width - 4, height: 2))
        guard rect.height >= 6 else {
            paintNowLine(x: x, y: rect.y)
            return
        }
        let headline = headline
        frame.put(headline.note, x: x, y: rect.y, .label, limit: rect.width - x - 1)
        paintBigWord(headline.word, x: 2, y: rect.y + 1, limit: rect.width - 4, Style(role: headline.role))
    }
}
