import EmotionCore

/// The dashboard's formats of numbers. A value that is nil or not finite becomes a dash.
struct Numbers {
    let glyphs: Glyphs

    /// Returns a share, 0…1, as `62 %`, right-aligned in five columns.
    func percent(_ value: Double?) -> String {
        guard let value, value.isFinite else { return padded(glyphs.dash, 3) + " %" }
        return padded(String(clampedInt((min(max(value, 0), 1) * 100).rounded())), 3) + " %"
    }

    /// Returns milliseconds as `84 ms`, or as `1.2 s` from one second on.
    func milliseconds(_ value: Double?) -> String {
        guard let value, value.isFinite else { return glyphs.dash }
        if value >= 1000 { return fixed(value / 1000, 1) + " s" }
        return value < 10 ? fixed(value, 1) + " ms" : String(clampedInt(value.rounded())) + " ms"
    }

    /// Returns a level in dBFS as `-23`; digital silence is `-inf`, and what is over full scale `>0`.
    func decibels(_ value: Double?) -> String {
        guard let value, !value.isNaN else { return glyphs.dash }
        return value.decibelText
    }

    /// Returns a size as `18.2 kB`, in steps of 1000.
    func bytes(_ count: Int) -> String {
        let count = max(0, count)
        if count < 1000 { return "\(count) B" }
        var value = Double(count)
        for unit in ["kB", "MB", "GB"] {
            value /= 1000
            if value < 999.95 { return fixed(value, 1) + " " + unit }
        }
        return fixed(value / 1000, 1) + " TB"
    }

    /// Returns a stream time as `0:42`, `12:34` or `1:02:03`.
    func clock(_ seconds: Double) -> String {
        max(0, clampedInt(seconds.rounded(.down))).clockText
    }

    /// Returns the number with `decimals` decimals.
    func fixed(_ value: Double, _ decimals: Int) -> String {
        let text = value.fixed(decimals)
        return text.isEmpty ? glyphs.dash : text
    }

    /// Returns a stretch of time as people say it: `30 s`, `5 min`.
    func span(_ seconds: Double) -> String {
        seconds < 120 ? "\(clampedInt(seconds)) s" : "\(clampedInt(seconds / 60)) min"
    }

    /// Returns the text right-aligned in `width` columns.
    func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - displayWidth(text))) + text
    }
}
