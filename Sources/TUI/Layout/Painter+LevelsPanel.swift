extension Painter {
    /// The level at the left end of the meter, in dBFS.
    private static let meterFloor = -60.0

    /// Returns the share of the meter that a level fills, 0…1.
    private func meterFraction(_ level: Double?) -> Double {
        guard let level, !level.isNaN else { return 0 }
        return clampedUnit((level - Self.meterFloor) / -Self.meterFloor)
    }

    /// Paints the panel of the input: level, waveform, voice activity.
    mutating func paintLevels(_ rect: Rect) {
        let warning = Style(role: .alarm, bold: true, reverse: true)
        paintBorder(rect, title: "room", note: voice.levels.trouble ?? "", noteStyle: warning)
        let inner = rect.inner(padding: 1)
        guard inner.height >= 6, inner.width >= 12 else { return }
        let levels = voice.levels
        let level = numbers.padded(numbers.decibels(levels.level), 4)
        frame.put("level", x: inner.x, y: inner.y, .label)
        frame.put(level, x: inner.x + 6, y: inner.y, .title)
        frame.put(" dBFS", x: inner.x + 10, y: inner.y, .label, limit: inner.width - 10)
        let peak = "peak \(numbers.decibels(levels.peakHold))"
        if inner.width >= 17 + displayWidth(peak) {
            frame.put(peak, x: inner.right - displayWidth(peak), y: inner.y, .label)
        }
        paintMeter(x: inner.x, y: inner.y + 1, width: inner.width)
        let wave = Rect(x: inner.x, y: inner.y + 2, width: inner.width, height: inner.height - 4)
        paintWaveform(wave)
        paintShare("voice", levels.voice, x: inner.x, y: inner.bottom - 2, width: inner.width)
        paintShare("speech", levels.speechShare, x: inner.x, y: inner.bottom - 1, width: inner.width)
    }

    /// Paints a share, 0…1, as a name, a line and a percentage.
    private mutating func paintShare(_ name: String, _ value: Double?, x: Int, y: Int, width: Int) {
        frame.put(name, x: x, y: y, .label)
        paintLine(x: x + 7, y: y, width: width - 13, fraction: value ?? 0, .accent)
        frame.put(numbers.percent(value), x: x + width - 5, y: y, .text)
    }

    /// Paints the level from −60 to 0 dBFS in the colours of three ranges, with the held peak.
    mutating func paintMeter(x: Int, y: Int, width: Int) {
        guard width > 0 else { return }
        let filled = clampedInt((meterFraction(voice.levels.level) * Double(width)).rounded())
        for column in 0..<width {
            let style = Style(role: meterRole(column, width))
            if column < filled {
                frame.put(glyphs.lineFull, x: x + column, y: y, style)
            } else {
                frame.put(glyphs.lineTrack, x: x + column, y: y, .faint)
            }
        }
        let peak = clampedInt((meterFraction(voice.levels.peakHold) * Double(width)).rounded())
        if voice.levels.peakHold != nil, peak > 0 {
            let role: ColorRole = voice.levels.clipping ? .alarm : meterRole(peak - 1, width)
            frame.put(glyphs.peak, x: x + peak - 1, y: y, Style(role: role, bold: true))
        }
    }

    /// Returns the colour of a column of the meter: low up to −18 dBFS, middle up to −6 dBFS, high above.
    private func meterRole(_ column: Int, _ width: Int) -> ColorRole {
        let level = Self.meterFloor - Self.meterFloor * Double(column + 1) / Double(width)
        return level <= -18 ? .levelLow : level <= -6 ? .levelMiddle : .levelHigh
    }

    /// Paints the waveform of the last 3 s: each column of dots from the lowest to the highest sample in it.
    mutating func paintWaveform(_ rect: Rect) {
        guard rect.height > 0, rect.width > 0 else { return }
        var canvas = DotCanvas(columns: rect.width, rows: rect.height, glyphs: glyphs)
        let samples = voice.levels.waveform
        let middle = Double(canvas.height - 1) / 2
        for x in 0..<canvas.width where !samples.isEmpty {
            let extent = samples[x * samples.count / canvas.width]
            let high = clampedInt((middle - Self.companded(extent.high) * middle).rounded())
            let low = clampedInt((middle - Self.companded(extent.low) * middle).rounded())
            for y in min(high, low)...max(high, low) {
                canvas.set(x: x, y: y, Style(role: .levelLow), letter: "|")
            }
        }
        canvas.draw(into: &frame, x: rect.x, y: rect.y)
    }

    /// Returns the signed square root of a sample, because on a linear scale quiet speech would be a flat line.
    private static func companded(_ sample: Float) -> Double {
        let size = clampedUnit(Double(abs(sample))).squareRoot()
        return sample < 0 ? -size : size
    }

    /// Paints level and voice in one line of the full width.
    mutating func paintLevelsLine(y: Int) {
        paintLevelsLine(x: 1, y: y, width: frame.width - 2)
    }

    /// Paints level and voice in one line.
    mutating func paintLevelsLine(x left: Int, y: Int, width: Int) {
        let level = numbers.padded(numbers.decibels(voice.levels.level), 4) + " dBFS"
        let tail = voice.levels.trouble ?? "voice " + numbers.percent(voice.levels.voice)
        var x = left + width - displayWidth(tail)
        frame.put(tail, x: x, y: y, voice.levels.trouble != nil ? .alarm : .label)
        x -= displayWidth(level) + 2
        frame.put(level, x: x, y: y, .label)
        paintMeter(x: left, y: y, width: x - 1 - left)
    }
}
