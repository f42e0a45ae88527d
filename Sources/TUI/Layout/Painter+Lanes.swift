import EmotionCore

extension Painter {
    /// The smallest lane, in rows, that has boxes: their edges, a word, four bars and a line.
    private static let boxedLane = 8

    /// Paints several voices, a lane each, one above the other.
    mutating func paintLanes(_ body: Rect) {
        let isBoxed =
            body.width >= 76 && body.height >= 18
            && (body.height - 2) / snapshot.voices.count >= Self.boxedLane
        var rest = body
        // Speakers share a microphone, whose level is drawn once.
        let hasLevelsRow = snapshot.hasSpeakers && body.height >= 18
        if state.view != .big, body.height >= 12 { rest.height -= hasLevelsRow ? 2 : 1 }
        let lanes = LaneRows(
            height: rest.height, count: snapshot.voices.count,
            sharesAxis: snapshot.hasSpeakers && state.view != .big && !isBoxed)
        if rest.height < body.height {
            let levels = snapshot.hasSpeakers && !hasLevelsRow ? max(30, frame.width / 2 - 10) : frame.width - 2
            if snapshot.hasSpeakers { paintLevelsLine(x: 1, y: rest.bottom, width: levels) }
            let isBeside = snapshot.hasSpeakers && !hasLevelsRow
            paintMachine(
                x: isBeside ? levels + 3 : 1, y: body.bottom - 1, prefix: lanes.hasAxis ? [] : [spanText])
        }
        for index in snapshot.voices.indices {
            lane = index
            let rows = lanes[index]
            let rect = Rect(x: rest.x, y: rest.y + rows.lowerBound, width: rest.width, height: rows.count)
            let hasAxis = lanes.hasAxis && (!snapshot.hasSpeakers || index == lanes.count - 1)
            switch state.view {
            case .big: paintBigLane(rect, lowest: lanes.lowest)
            case .trajectory where isBoxed: paintLane(rect, hasAxis: hasAxis, isHigh: lanes.lowest >= 10)
            case .conversation where isBoxed: paintPlot(rect, title: laneTitle, hasAxis: hasAxis)
            case .trajectory, .conversation: paintCompactLane(rect, hasAxis: hasAxis, lowest: lanes.lowest)
            }
        }
        lane = 0
    }

    /// Paints a wide lane: the plot, with the current label and level at its right.
    private mutating func paintLane(_ rect: Rect, hasAxis: Bool, isHigh: Bool) {
        let now = min(46, max(37, rect.width * 2 / 5))
        let plot = Rect(x: rect.x, y: rect.y, width: rect.width - now, height: rect.height)
        paintPlot(plot, title: laneTitle, hasAxis: hasAxis)
        paintVoice(Rect(x: rect.right - now, y: rect.y, width: now, height: rect.height), isHigh: isHigh)
    }

    /// Paints the current label over four bars. The last line is a channel's level and voice, under the waveform if there
    /// is room, or a speaker's talk time.
    ///
    /// - Parameter isHigh: Whether there is room for large letters.
    private mutating func paintVoice(_ rect: Rect, isHigh: Bool) {
        let headline = headline
        paintBorder(
            rect, title: "last 3 s", note: headline.note, noteStyle: Style(role: headline.role), foot: baselineText)
        let inner = rect.inner(padding: 1)
        guard inner.height >= 6 else { return }
        var y = inner.y
        if isHigh {
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
        guard !snapshot.hasSpeakers else {
            paintTalkLine(x: inner.x, y: line, width: inner.width)
            return
        }
        if line - y >= 3 {
            paintWaveform(Rect(x: inner.x, y: y + 1, width: inner.width, height: line - y - 1))
        }
        paintLevelsLine(x: inner.x, y: line, width: inner.width)
    }

    /// Paints a small lane: the label in a line, the percentages in another if there is room, and the plot without a
    /// box. A lane of two rows has the ribbon in the plot's place.
    ///
    /// - Parameter lowest: The rows of the lowest lane, so that all lanes have the same parts.
    private mutating func paintCompactLane(_ rect: Rect, hasAxis: Bool, lowest: Int) {
        if snapshot.hasSpeakers {
            paintSpeakerLine(y: rect.y)
        } else {
            let title = voice.name ?? "\(lane + 1)"
            paintNowLine(x: 2 + frame.put(title, x: 1, y: rect.y, .key, limit: frame.width / 4), y: rect.y)
        }
        let lines = lowest >= 6 ? 2 : 1
        if lines == 2 { paintScoresLine(y: rect.y + 1) }
        guard lowest >= 2 else { return }
        let plot = Rect(x: rect.x, y: rect.y + lines, width: rect.width, height: rect.height - lines)
        if lowest == 2 { paintRibbon(plot) } else { paintCurves(plot, hasAxis: hasAxis) }
    }
}
