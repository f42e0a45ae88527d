extension Painter {
    /// The columns of a level with its number, and those of the widest list.
    private static let levelWidth = 16
    private static let widest = 110

    /// Paints the microphones that can be chosen in a box over the middle of the picture, with their levels.
    mutating func paintSources(_ choice: SourceChoice) {
        let sources = snapshot.sources ?? []
        let width = min(frame.width, Self.widest)
        let height = min(frame.height, max(1, sources.count) + 2)
        let rect = Rect(x: (frame.width - width) / 2, y: (frame.height - height) / 2, width: width, height: height)
        clear(rect)
        paintBorder(rect, title: "microphones", note: "Enter hears it, Esc closes")
        let inner = rect.inner(padding: 1)
        guard !sources.isEmpty else {
            frame.put("looking for microphones", x: inner.x, y: inner.y, .label, limit: inner.width)
            return
        }
        // The marked one stays in sight.
        let first = max(0, min(choice.row - inner.height / 2, sources.count - inner.height))
        for (line, source) in sources.dropFirst(first).prefix(inner.height).enumerated() {
            paint(source, isMarked: first + line == choice.row, in: inner, y: inner.y + line)
        }
    }

    private mutating func paint(
        _ source: DashboardSnapshot.Microphone, isMarked: Bool, in rect: Rect, y: Int
    ) {
        let style = isMarked ? Style(role: .accent, bold: true, reverse: true) : .text
        if isMarked { frame.fill(" ", x: rect.x, y: y, count: rect.width - Self.levelWidth - 1, style) }
        frame.put(source.isHeard ? glyphs.play : " ", x: rect.x, y: y, isMarked ? style : .key)
        let names = rect.width - Self.levelWidth - 3
        var x = rect.x + 2
        x += frame.put(source.description, x: x, y: y, style, limit: names) + 2
        let detail = source.problem ?? source.device
        let room = rect.x + 2 + names - x
        if room > 8, source.problem != nil || source.device != source.description {
            let plain = source.problem == nil ? Style.label : .alarm
            frame.put(detail, x: x, y: y, isMarked ? style : plain, limit: room)
        }
        let level = rect.right - Self.levelWidth
        guard source.problem == nil else {
            frame.put("cannot be opened", x: level, y: y, .alarm, limit: Self.levelWidth)
            return
        }
        let share = source.level.map { clampedUnit(($0 + 60) / 60) } ?? 0
        paintLine(x: level, y: y, width: Self.levelWidth - 6, fraction: share, .levelLow)
        frame.put(numbers.padded(numbers.decibels(source.level), 4), x: rect.right - 5, y: y, .text, limit: 5)
    }
}
