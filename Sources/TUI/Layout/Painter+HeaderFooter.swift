extension Painter {
    /// Paints the first row: name, mode and source at the left; time and recording at the right.
    mutating func paintHeader(y: Int) {
        var right = frame.width - 1
        let recording = recordingBadge
        right -= displayWidth(recording.text)
        frame.put(recording.text, x: right, y: y, recording.style)
        let clock = timeText
        right -= displayWidth(clock) + 2
        frame.put(clock, x: right, y: y, .title)
        var x = 1
        if frame.width >= 56 { x += frame.put("emoscope", x: x, y: y, .key) + 2 }
        let mode = modeBadge
        x += frame.put(mode.text, x: x, y: y, mode.style, limit: max(0, right - x - 1)) + 1
        let space = right - x - 2
        if space > 3 { frame.put(snapshot.source.name, x: x, y: y, .text, limit: space) }
    }

    private var modeBadge: (text: String, style: Style) {
        if snapshot.ended { return ("END", .title) }
        switch snapshot.source.mode {
        case .live: return ("LIVE", .key)
        case .away: return ("NO MICROPHONE", Style(role: .alarm, bold: true))
        case .replay: return ("\(glyphs.play) REPLAY", .key)
        case .fast: return ("\(glyphs.play)\(glyphs.play) FAST", .key)
        }
    }

    private var timeText: String {
        switch snapshot.source.mode {
        case .live, .away: return numbers.clock(snapshot.streamTime)
        case .replay(let position, let length), .fast(let position, let length):
            guard let length, length.isFinite else { return numbers.clock(position) }
            return numbers.clock(position) + " / " + numbers.clock(length)
        }
    }

    private var recordingBadge: (text: String, style: Style) {
        switch snapshot.recording {
        case .off: return ("no csv", .label)
        case .on: return ("\(glyphs.bullet) REC", Style(role: .alarm, bold: true))
        case .paused: return ("\(glyphs.pause) REC", .label)
        }
    }

    /// Paints the last row: the entry of a speaker's name; without one, whether the picture is frozen or the source ended,
    /// then the message or, without one, the keys.
    mutating func paintFooter(y: Int) {
        if let entry = state.entry {
            paintEntry(entry, y: y)
            return
        }
        var x = 1
        if state.isFrozen {
            let badge = Style(role: .accent, bold: true, reverse: true)
            x += frame.put(" FROZEN ", x: x, y: y, badge, limit: frame.width - 2) + 2
        }
        if snapshot.ended {
            x += frame.put("end \(glyphs.dash) q quits", x: x, y: y, .title, limit: frame.width - 1 - x) + 2
        }
        if let message = state.notice ?? snapshot.message, !message.isEmpty {
            frame.put(message, x: x, y: y, .alarm, limit: frame.width - 1 - x)
            return
        }
        for entry in keys where !entry.short.isEmpty && !(snapshot.ended && entry.short == "quit") {
            let keys = entry.keys == "← →" ? glyphs.arrows : entry.keys
            let label = entry.short == "freeze" && state.isFrozen ? "go on" : entry.short
            guard x + displayWidth(keys) + 1 + displayWidth(label) < frame.width else { break }
            x += frame.put(keys, x: x, y: y, .key) + 1
            x += frame.put(label, x: x, y: y, .label) + 2
        }
    }

    private var keys: [(keys: String, short: String, long: String)] {
        DashboardState.keys(hasSpeakers: snapshot.hasSpeakers)
    }

    /// Paints a box with all keys over the middle of the picture.
    mutating func paintHelp() {
        let rows = keys.count
        let height = min(frame.height, rows + 4)
        let width = min(frame.width, 54)
        let rect = Rect(x: (frame.width - width) / 2, y: (frame.height - height) / 2, width: width, height: height)
        for y in rect.y..<rect.bottom {
            if rect.x > 0, frame[rect.x, y].scalar == 0 { frame.put(" ", x: rect.x - 1, y: y, .text) }
            if rect.right < frame.width, frame[rect.right, y].scalar == 0 {
                frame.put(" ", x: rect.right, y: y, .text)
            }
            frame.fill(" ", x: rect.x, y: y, count: rect.width, .text)
        }
        paintBorder(rect, title: "keys", note: "Esc closes")
        let padding = height >= rows + 4 ? 2 : 1
        for (row, entry) in keys.enumerated() where row < rect.height - 2 {
            let y = rect.y + padding + row
            guard y < rect.bottom - 1 else { break }
            let keys = entry.keys == "← →" ? glyphs.arrows : entry.keys
            frame.put(keys, x: rect.x + 3, y: y, .key)
            frame.put(entry.long, x: rect.x + 12, y: y, .text, limit: rect.right - 2 - rect.x - 12)
        }
    }
}
