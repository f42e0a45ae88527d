import EmotionCore

extension Painter {
    /// Paints the first row: name, mode and source at the left; time and what is being written at the right.
    mutating func paintHeader(y: Int) {
        var right = frame.width - 1
        let clock = timeText
        let mode = modeBadge
        let name = frame.width >= 56 ? displayWidth("emoscope") + 2 : 0
        // The source keeps twenty columns, if its name has as many.
        let source = min(displayWidth(snapshot.source.name), 20)
        let room = right - 1 - name - displayWidth(mode.text) - 1 - source - 2 - displayWidth(clock) - 2
        let texts = recordingTexts
        let recording = texts.first { displayWidth($0) <= room } ?? texts.last ?? ""
        right -= displayWidth(recording)
        frame.put(recording, x: right, y: y, recordingStyle)
        right -= displayWidth(clock) + 2
        frame.put(clock, x: right, y: y, .title)
        var x = 1
        if name > 0 { x += frame.put("emoscope", x: x, y: y, .key) + 2 }
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

    /// What is being written, the longest text first: the log and the sound by name and size, by kind and size, by kind.
    private var recordingTexts: [String] {
        var files: [(name: String, kind: String, bytes: Int)] = []
        var isPaused = false
        switch snapshot.recording {
        case .off: break
        case .on(let file, _, let bytes): files.append((Self.lastPart(file), "csv", bytes))
        case .paused(let file, _, let bytes):
            files.append((Self.lastPart(file), "csv", bytes))
            isPaused = true
        }
        if let audio = snapshot.audio { files.append((Self.lastPart(audio.file), "wav", audio.bytes)) }
        guard !files.isEmpty else { return ["not recording", "no csv"] }
        let separator = " \(glyphs.separator) "
        let badge = isPaused ? "\(glyphs.pause) REC" : "\(glyphs.bullet) REC"
        let lead = badge + (isPaused ? " paused" : "") + " "
        let sizes = files.map { numbers.bytes($0.bytes) }
        return [
            lead + zip(files, sizes).map { "\($0.name) \($1)" }.joined(separator: separator),
            lead + zip(files, sizes).map { "\($0.kind) \($1)" }.joined(separator: separator),
            lead + files.map(\.kind).joined(separator: "+"), badge,
        ]
    }

    private var recordingStyle: Style {
        switch snapshot.recording {
        case .off: snapshot.audio == nil ? .label : .alarm
        case .on: .alarm
        case .paused: .label
        }
    }

    /// The name of a file without its folder.
    private static func lastPart(_ path: String) -> String {
        FileName.last(of: path)
    }

    /// Paints the last row: the entry of a speaker's name; without one, whether the picture is frozen or the source ended,
    /// then the message or, without one, the keys.
    mutating func paintFooter(y: Int) {
        if let entry = state.entry {
            paintEntry(entry, y: y)
            return
        }
        if let note = state.markerNote {
            paintMarkerNote(note, y: y)
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
        for entry in KeyTable.footer(hasSpeakers: snapshot.hasSpeakers)
        where !(snapshot.ended && entry.short == "quit") {
            let label = entry.short == "freeze" && state.isFrozen ? "go on" : entry.short
            let keys = glyphs == .ascii ? entry.asciiKeys : entry.keys
            guard x + displayWidth(keys) + 1 + displayWidth(label) < frame.width else { break }
            x += frame.put(keys, x: x, y: y, .key) + 1
            x += frame.put(label, x: x, y: y, .label) + 2
        }
    }
}
