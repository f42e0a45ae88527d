extension Painter {
    /// The meter's bottom, in dBFS.
    private static let floor = -60.0

    private func position(_ level: Double?) -> Double {
        guard let level, !level.isNaN else { return 0 }
        return unit((level - Self.floor) / -Self.floor)
    }

    /// Level, waveform, voice.
    mutating func paintLevels(_ rect: Rect) {
        let warning = Style(ink: .alarm, bold: true, reverse: true)
        paintBorder(rect, title: "room", note: voice.levels.clipping ? "CLIP" : "", noteStyle: warning)
        let inner = rect.inner(padding: 1)
        guard inner.height >= 6, inner.width >= 12 else { return }
        let room = voice.levels
        let level = numbers.padded(numbers.decibels(room.level), 4)
        frame.put("level", x: inner.x, y: inner.y, .label)
        frame.put(level, x: inner.x + 6, y: inner.y, .title)
        frame.put(" dBFS", x: inner.x + 10, y: inner.y, .label, limit: inner.width - 10)
        let peak = "peak \(numbers.decibels(room.peakHold))"
        if inner.width >= 17 + displayWidth(peak) {
            frame.put(peak, x: inner.right - displayWidth(peak), y: inner.y, .label)
        }
        paintMeter(x: inner.x, y: inner.y + 1, width: inner.width)
        let wave = Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: inner.height - 4)
        paintWaveform(wave)
        paintShare("voice", room.voice, x: inner.x, y: inner.bottom - 2, width: inner.width)
        paintShare("speech", room.speechShare, x: inner.x, y: inner.bottom - 1, width: inner.width)
    }

    private mutating func paintShare(_ name: String, _ value: Double?, x: Int, y: Int, width: Int) {
        frame.put(name, x: x, y: y, .label)
        paintLine(x: x + 7, y: y, width: width - 13, fraction: value ?? 0, .accent)
        frame.put(numbers.percent(value), x: x + width - 5, y: y, .text)
    }

    /// The level from −60 to 0 dBFS, in three ranges, with the held peak.
    mutating func paintMeter(x: Int, y: Int, width: Int) {
        guard width > 0 else { return }
        let filled = clampedInt((position(voice.levels.level) * Double(width)).rounded())
        for column in 0..<width {
            let style = Style(ink: meterInk(column, width))
            if column < filled {
                frame.put(glyphs.lineFull, x: x + column, y: y, style)
            } else {
                frame.put(glyphs.lineTrack, x: x + column, y: y, .faint)
            }
        }
        let peak = clampedInt((position(voice.levels.peakHold) * Double(width)).rounded())
        if voice.levels.peakHold != nil, peak > 0 {
            let ink: Ink = voice.levels.clipping ? .alarm : meterInk(peak - 1, width)
            frame.put(glyphs.peak, x: x + peak - 1, y: y, Style(ink: ink, bold: true))
        }
    }

    /// Up to −18 dBFS is comfortable, to −6 loud, above that near the end of the scale.
    private func meterInk(_ column: Int, _ width: Int) -> Ink {
        let level = Self.floor - Self.floor * Double(column + 1) / Double(width)
        return level <= -18 ? .levelLow : level <= -6 ? .levelMiddle : .levelHigh
    }

    /// The last second: each column of points from the lowest to the highest sample in it, loud enough to see.
    mutating func paintWaveform(_ rect: Rect) {
        guard rect.height > 0, rect.width > 0 else { return }
        var canvas = DotCanvas(columns: rect.width, rows: rect.height, glyphs: glyphs)
        let samples = voice.levels.waveform
        let middle = Double(canvas.height - 1) / 2
        for x in 0..<canvas.width where !samples.isEmpty {
            let extent = samples[x * samples.count / canvas.width]
            let high = clampedInt((middle - Self.bend(extent.high) * middle).rounded())
            let low = clampedInt((middle - Self.bend(extent.low) * middle).rounded())
            for y in min(high, low)...max(high, low) {
                canvas.set(x: x, y: y, Style(ink: .levelLow), letter: "|")
            }
        }
        canvas.draw(into: &frame, x: rect.x, y: rect.y)
    }

    /// Quiet speech drawn to scale is a flat line: the square root lifts it and keeps the sign.
    private static func bend(_ sample: Float) -> Double {
        let size = unit(Double(abs(sample))).squareRoot()
        return sample < 0 ? -size : size
    }

    /// Level and voice in one line of the whole picture.
    mutating func paintLevelsLine(y: Int) {
        paintLevelsLine(x: 1, y: y, width: frame.width - 2)
    }

    mutating func paintLevelsLine(x left: Int, y: Int, width: Int) {
        let level = numbers.padded(numbers.decibels(voice.levels.level), 4) + " dBFS"
        let tail = voice.levels.clipping ? "CLIP" : "voice " + numbers.percent(voice.levels.voice)
        var x = left + width - displayWidth(tail)
        frame.put(tail, x: x, y: y, voice.levels.clipping ? .alarm : .label)
        x -= displayWidth(level) + 2
        frame.put(level, x: x, y: y, .label)
        paintMeter(x: left, y: y, width: x - 1 - left)
    }
}
