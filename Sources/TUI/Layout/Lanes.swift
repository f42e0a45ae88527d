import EmotionCore

/// Two channels heard apart: a lane each, one above the other.
extension Painter {
    mutating func paintLanes(_ body: Rect) {
        var rest = body
        let isWide = body.width >= 76 && body.height >= 18
        if state.view == .trajectory {
            if isWide && body.width >= 110 {
                let machine = 32
                rest.width -= machine
                paintPerformance(Rect(x: rest.right, y: body.y, width: machine, height: body.height))
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

    private var laneName: String { "channel \(lane + 1)" }

    /// The plot, and beside it what holds now.
    private mutating func paintLane(_ rect: Rect) {
        let now = min(46, max(37, rect.width * 2 / 5))
        paintPlot(Rect(x: rect.x, y: rect.y, width: rect.width - now, height: rect.height), title: laneName)
        paintVoice(Rect(x: rect.right - now, y: rect.y, width: now, height: rect.height))
    }

    /// The label over four bars, over the waveform where there is room, over level and voice in a line.
    private mutating func paintVoice(_ rect: Rect) {
        let headline = headline
        paintBorder(rect, title: "now", note: headline.note, noteStyle: Style(ink: headline.ink))
        let inner = rect.inner(padding: 1)
        guard inner.height >= 6 else { return }
        var y = inner.y
        if inner.height >= 8 {
            paintBigWord(headline.word, x: inner.x, y: y, limit: inner.width, Style(ink: headline.ink))
            y += 3
        } else {
            let style = Style(ink: headline.ink, bold: true)
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

    /// The label in one line, the percentages in another where there is room, and the plot without a frame.
    private mutating func paintCompactLane(_ rect: Rect) {
        let x = 1 + frame.put("\(lane + 1)", x: 1, y: rect.y, .key) + 1
        paintNowLine(x: x, y: rect.y)
        let lines = rect.height >= 6 ? 2 : 1
        if lines == 2 { paintScoresLine(y: rect.y + 1) }
        paintCurves(Rect(x: rect.x, y: rect.y + lines, width: rect.width, height: rect.height - lines))
    }

    /// As the big label of one voice; of what has no room there, the note goes beside the name, then the large letters
    /// give way to a line.
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
        paintBigWord(headline.word, x: 2, y: rect.y + 1, limit: rect.width - 4, Style(ink: headline.ink))
    }
}
