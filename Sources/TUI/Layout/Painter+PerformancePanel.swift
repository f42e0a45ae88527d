import EmotionCore

extension Painter {
    /// Paints the panel of the machine: latency, inference time, losses, and the files that are written.
    mutating func paintPerformance(_ rect: Rect) {
        let performance = snapshot.performance
        let behind = (performance.realTimeFactor ?? 0) > 1
        paintBorder(rect, title: "machine", note: behind ? "BEHIND" : "", noteStyle: .alarm)
        let inner = rect.inner(padding: 1)
        var rows: [(name: String, value: String, style: Style)] = [
            ("latency", numbers.milliseconds(performance.latency), .text),
            ("inference", numbers.milliseconds(performance.inference), .text),
            ("rt factor", realTimeFactorText, behind ? .alarm : .text),
            ("windows", String(performance.windows), .text),
            ("dropped", droppedText(width: inner.width - 10), performance.windowsDropped > 0 ? .alarm : .text),
            ("overruns", String(performance.overruns), performance.overruns > 0 ? .alarm : .text),
        ]
        if let drift = performance.drift { rows.append(("clock", driftText(drift), .text)) }
        let files = fileRows
        if inner.height > rows.count + files.count, !files.isEmpty { rows.append(("", "", .text)) }
        rows += files
        if inner.height > rows.count, !snapshot.modelName.isEmpty {
            rows.append(("model", snapshot.modelName.replacing("·", with: glyphs.separator), .text))
        }
        for (index, row) in rows.prefix(max(0, inner.height)).enumerated() {
            let y = inner.y + index
            frame.put(row.name, x: inner.x, y: y, .label, limit: inner.width)
            // A narrow panel gives up the column of values to show more of a file's name.
            let tight = displayWidth(row.name) + 1
            let indent = 10 + displayWidth(row.value) <= inner.width || tight > 10 ? 10 : tight
            frame.put(row.value, x: inner.x + indent, y: y, row.style, limit: inner.width - indent)
        }
    }

    private var realTimeFactorText: String {
        snapshot.performance.realTimeFactor.map { numbers.fixed($0, 3) } ?? glyphs.dash
    }

    /// Returns a drift as `+12 ±30 ppm`.
    private func driftText(_ drift: DashboardSnapshot.Drift) -> String {
        let sign = drift.ppm < 0 ? "-" : "+"
        let error = numbers.fixed(drift.error.rounded(.up), 0)
        return sign + numbers.fixed(abs(drift.ppm), 0) + " \(glyphs == .ascii ? "+-" : "±")\(error) ppm"
    }

    /// Returns the number of dropped windows, and the seconds of lost sound if they fit.
    private func droppedText(width: Int) -> String {
        let performance = snapshot.performance
        guard performance.windowsDropped > 0 || performance.secondsLost > 0 else { return "0" }
        let long = "\(performance.windowsDropped) \(glyphs.separator) \(numbers.fixed(performance.secondsLost, 1)) s"
        return displayWidth(long) <= width ? long : String(performance.windowsDropped)
    }

    /// The rows for the CSV log and the audio file.
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
        if let audio = snapshot.audioFile {
            rows.append(("audio", audio, .text))
            if case .paused = snapshot.recording { rows.append(("", "paused", .label)) }
        }
        return rows
    }

    /// Latency, inference time and losses as texts.
    var performanceParts: [(String, Style)] {
        let performance = snapshot.performance
        let lost = performance.windowsDropped > 0
        return [
            ("latency " + numbers.milliseconds(performance.latency), .label),
            ("inference " + numbers.milliseconds(performance.inference), .label),
            ("dropped \(performance.windowsDropped)", lost ? .alarm : .label),
            ("overruns \(performance.overruns)", performance.overruns > 0 ? .alarm : .label),
        ]
    }

    /// Paints latency, inference time and losses in one line.
    mutating func paintPerformanceLine(y: Int) {
        paintParts(performanceParts, x: 1, y: y)
    }

    /// Paints texts in one line, from `x` to the right; the last ones are left out if they do not fit.
    mutating func paintParts(_ parts: [(String, Style)], x start: Int, y: Int) {
        var x = start
        for (text, style) in parts {
            guard x + displayWidth(text) < frame.width else { return }
            x += frame.put(text, x: x, y: y, style) + 2
        }
    }
}
