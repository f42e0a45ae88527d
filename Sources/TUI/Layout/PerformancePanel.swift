import EmotionCore

extension Painter {
    /// How the program keeps up, and what it writes.
    mutating func paintPerformance(_ rect: Rect) {
        let machine = snapshot.performance
        let behind = (machine.realTimeFactor ?? 0) > 1
        paintBorder(rect, title: "machine", note: behind ? "BEHIND" : "", noteStyle: .alarm)
        let inner = rect.inner(padding: 1)
        var rows: [(name: String, value: String, style: Style)] = [
            ("latency", numbers.milliseconds(machine.latency), .text),
            ("inference", numbers.milliseconds(machine.inference), .text),
            ("rt factor", factor, behind ? .alarm : .text),
            ("windows", String(machine.windows), .text),
            ("dropped", dropped(width: inner.width - 10), machine.windowsDropped > 0 ? .alarm : .text),
            ("overruns", String(machine.overruns), machine.overruns > 0 ? .alarm : .text),
        ]
        if let drift = machine.drift { rows.append(("clock", clock(drift), .text)) }
        let files = fileRows
        if inner.height > rows.count + files.count, !files.isEmpty { rows.append(("", "", .text)) }
        rows += files
        if inner.height > rows.count, !snapshot.modelName.isEmpty {
            rows.append(("model", snapshot.modelName, .text))
        }
        for (index, row) in rows.prefix(max(0, inner.height)).enumerated() {
            let y = inner.y + index
            frame.put(row.name, x: inner.x, y: y, .label, limit: inner.width)
            // Names of files get what room there is in a narrow panel.
            let tight = displayWidth(row.name) + 1
            let indent = 10 + displayWidth(row.value) <= inner.width || tight > 10 ? 10 : tight
            frame.put(row.value, x: inner.x + indent, y: y, row.style, limit: inner.width - indent)
        }
    }

    private var factor: String {
        snapshot.performance.realTimeFactor.map { numbers.fixed($0, 3) } ?? glyphs.dash
    }

    /// `+12 ±30 ppm`.
    private func clock(_ drift: DashboardSnapshot.Drift) -> String {
        let sign = drift.ppm < 0 ? "-" : "+"
        let error = numbers.fixed(drift.error.rounded(.up), 0)
        return sign + numbers.fixed(abs(drift.ppm), 0) + " \(glyphs == .ascii ? "+-" : "±")\(error) ppm"
    }

    /// Windows, and where there is room the sound in them.
    private func dropped(width: Int) -> String {
        let machine = snapshot.performance
        guard machine.windowsDropped > 0 || machine.secondsDropped > 0 else { return "0" }
        let long = "\(machine.windowsDropped) \(glyphs.separator) \(numbers.fixed(machine.secondsDropped, 1)) s"
        return displayWidth(long) <= width ? long : String(machine.windowsDropped)
    }

    private var fileRows: [(name: String, value: String, style: Style)] {
        var rows: [(name: String, value: String, style: Style)] = []
        switch snapshot.recording {
        case .off: break
        case .on(let file, let rowCount, let bytes):
            rows.append(("csv", file, .text))
            rows.append(("", "\(rowCount) rows \(glyphs.separator) \(numbers.bytes(bytes))", .label))
        case .paused(let file, let rowCount, _):
            rows.append(("csv", file, .text))
            rows.append(("", "paused \(glyphs.separator) \(rowCount) rows", .label))
        }
        if let audio = snapshot.audioFile { rows.append(("audio", audio, .text)) }
        return rows
    }

    /// The same in one line; what does not fit is left out from the end.
    mutating func paintPerformanceLine(y: Int) {
        let machine = snapshot.performance
        var parts: [(String, Style)] = [
            ("latency " + numbers.milliseconds(machine.latency), .label),
            ("inference " + numbers.milliseconds(machine.inference), .label),
        ]
        let lost = machine.windowsDropped > 0
        parts.append(("dropped \(machine.windowsDropped)", lost ? .alarm : .label))
        parts.append(("overruns \(machine.overruns)", machine.overruns > 0 ? .alarm : .label))
        var x = 1
        for (text, style) in parts {
            guard x + displayWidth(text) < frame.width else { return }
            x += frame.put(text, x: x, y: y, style) + 2
        }
    }
}
