import EmotionCore

extension Painter {
    /// Returns the decision on probabilities; nil if they are not finite.
    func decision(_ scores: EmotionScores) -> Decision? {
        scores.isFinite ? Decision(scores, unsureBelow: snapshot.unsureBelow) : nil
    }

    /// The decision on the newest window; nil if it was not scored.
    private var decision: Decision? { voice.current == .speech ? decision(scores) : nil }

    /// The state in a word, its colour, and a note on it.
    var headline: (word: String, role: ColorRole, note: String) {
        switch voice.current {
        case .warmingUp(let fraction):
            return ("warming up", .label, numbers.percent(fraction).trimmed + " of the first window")
        case .silence: return ("no speech", .label, snapshot.hasSpeakers ? "" : "no emotion is claimed")
        case .muted: return ("no sound", .alarm, "is the microphone muted?")
        case .overlap: return ("two at once", .label, "no emotion is named")
        case .speech:
            guard let decision else { return ("no score", .alarm, "") }
            let top = scores.argmax
            let percent = numbers.percent(Double(scores[top])).trimmed
            switch decision {
            case .unsure: return (decision.word, .label, "\(top.rawValue)? \(percent)")
            case .emotion(let emotion):
                return (decision.word, emotion.colorRole, "model \(percent)")
            }
        }
    }

    /// Whether an emotion is named.
    var isNamed: Bool { decision?.emotion != nil }

    /// What is known of the voice's normal.
    var baselineText: String { "baseline: \(voice.baseline)" }

    /// Paints the panel of the newest window: the label in large letters over four bars.
    mutating func paintNow(_ rect: Rect) {
        let headline = headline
        // The rest of the edge is for its corners and the widest note, such as "neutral? 59 %".
        let room = rect.width - 22
        paintBorder(
            rect, title: nowTitle(room: room), titleLimit: room, note: headline.note,
            noteStyle: Style(role: headline.role), foot: baselineText)
        let inner = rect.inner(padding: 1)
        guard inner.height >= 7 else { return }
        let scale = inner.height >= 10 && BigLetters.width(headline.word, scale: 2) <= inner.width ? 2 : 1
        let slack = inner.height - 4 - 3 * scale
        let y = inner.y + min(slack / 2, 1)
        paintBigWord(headline.word, x: inner.x, y: y, scale: scale, limit: inner.width, Style(role: headline.role))
        let bars = Rect(x: inner.x, y: inner.bottom - 4 - (slack >= 3 ? 1 : 0), width: inner.width, height: 4)
        for (row, emotion) in Emotion.allCases.enumerated() {
            paintBarRow(emotion, x: bars.x, y: bars.y + row, width: bars.width)
        }
    }

    /// Paints one emotion as `H happy   ▄▄▄▄▄▄▖____  62 %`.
    mutating func paintBarRow(_ emotion: Emotion, x: Int, y: Int, width: Int) {
        let decision = decision
        let (isScored, isNamed) = (decision != nil, decision == .emotion(emotion))
        let role: ColorRole = isScored ? emotion.colorRole : .faint
        frame.put(emotion.letter, x: x, y: y, Style(role: isScored ? emotion.colorRole : .label, bold: isScored))
        frame.put(emotion.rawValue, x: x + 2, y: y, isNamed ? .title : .label)
        let value = isScored ? Double(scores[emotion]) : nil
        paintBar(x: x + 10, y: y, width: width - 16, fraction: value ?? 0, Style(role: role))
        frame.put(numbers.percent(value), x: x + width - 5, y: y, isNamed ? .title : .label)
    }

    /// Paints the label and its note in one line; at the right the share of speech or, in a lane, the level.
    mutating func paintNowLine(x start: Int = 1, y: Int) {
        let headline = headline
        let style = Style(role: headline.role, bold: true, reverse: isNamed)
        var x = start
        x += frame.put(" \(headline.word.uppercased()) ", x: x, y: y, style, limit: frame.width - 1 - x)
        x += frame.put(" \(headline.note)", x: x, y: y, .label, limit: frame.width - x - 1)
        let tail =
            isSplit
            ? numbers.decibels(voice.levels.level) + " dBFS"
            : "speech " + numbers.percent(voice.levels.speechShare).trimmed
        // A lane's level is more urgent than its baseline; without lanes, another panel shows the share of speech.
        let reserved = isSplit ? displayWidth(tail) + 1 : 0
        if voice.current == .speech, displayWidth(baselineText) <= frame.width - x - 3 - reserved {
            x += 2 + frame.put(baselineText, x: x + 2, y: y, .label)
        }
        if frame.width - x - 2 >= displayWidth(tail) {
            let style = isSplit && voice.levels.trouble != nil ? Style.alarm : .label
            frame.put(tail, x: frame.width - 1 - displayWidth(tail), y: y, style)
        }
    }

    /// Paints the four bars, two in a row.
    mutating func paintBarGrid(_ rect: Rect) {
        let width = (rect.width - 3) / 2
        for emotion in Emotion.allCases {
            let (column, row) = (emotion.index % 2, emotion.index / 2)
            paintBarRow(emotion, x: rect.x + column * (width + 3), y: rect.y + row, width: width)
        }
    }

    /// Paints the four percentages with their letters in one line.
    mutating func paintScoresLine(y: Int) {
        let decision = decision
        let step = (frame.width - 2) / 4
        for emotion in Emotion.allCases {
            let x = 1 + emotion.index * step
            let (isScored, isNamed) = (decision != nil, decision == .emotion(emotion))
            let value = isScored ? Double(scores[emotion]) : nil
            frame.put(emotion.letter, x: x, y: y, Style(role: isScored ? emotion.colorRole : .label, bold: true))
            frame.put(numbers.percent(value), x: x + 1, y: y, isNamed ? .title : .label)
        }
    }

    /// Paints the big view: the label as large as it fits, to be read across a room, over the four bars.
    mutating func paintBig(_ body: Rect) {
        let headline = headline
        let bars = body.height >= 14 ? 4 : 2
        let room = body.height - bars - 5
        var scale = 1
        while BigLetters.width(headline.word, scale: scale + 1) <= body.width - 4, 3 * (scale + 1) <= room {
            scale += 1
        }
        let fits = glyphs != .ascii && BigLetters.width(headline.word, scale: scale) <= body.width - 4 && room >= 3
        let height = fits ? 3 * scale : 1
        let plain = min(2 * displayWidth(headline.word) - 1, body.width - 2)
        let width = fits ? BigLetters.width(headline.word, scale: scale) : plain
        let y = body.y + max(0, (room - height) / 2) + 1
        paintBigWord(
            headline.word, x: (body.width - width) / 2, y: y, scale: fits ? scale : 1,
            limit: width, Style(role: headline.role))
        let note = headline.note
        for (text, y) in [(note, body.bottom - bars - 3), (baselineText, body.bottom - bars - 2)] {
            frame.put(text, x: max(1, (body.width - displayWidth(text)) / 2), y: y, .label, limit: body.width - 2)
        }
        let grid = Rect(x: 2, y: body.bottom - bars, width: body.width - 4, height: bars)
        if bars == 4 {
            for emotion in Emotion.allCases {
                paintBarRow(emotion, x: grid.x, y: grid.y + emotion.index, width: grid.width)
            }
        } else {
            paintBarGrid(grid)
        }
    }
}

extension String {
    /// The text without leading blanks.
    var trimmed: String { String(drop { $0 == " " }) }
}
