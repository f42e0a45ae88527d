/// Numbers as the dashboard writes them; what is missing or not finite is a dash.
struct Numbers {
    let glyphs: Glyphs

    /// `62 %`, right-aligned in five columns.
    func percent(_ value: Double?) -> String {
        guard let value, value.isFinite else { return padded(glyphs.dash, 3) + " %" }
        return padded(String(clampedInt((min(max(value, 0), 1) * 100).rounded())), 3) + " %"
    }

    /// `84 ms`, or `1.2 s` from a second on.
    func milliseconds(_ value: Double?) -> String {
        guard let value, value.isFinite else { return glyphs.dash }
        if value >= 1000 { return fixed(value / 1000, 1) + " s" }
        return value < 10 ? fixed(value, 1) + " ms" : String(clampedInt(value.rounded())) + " ms"
    }

    /// `-23`; digital silence is `-inf`. Tenths would only flicker.
    func decibels(_ value: Double?) -> String {
        guard let value, !value.isNaN else { return glyphs.dash }
        if value < -99.4 { return "-inf" }
        return fixed(min(value, 99), 0)
    }

    /// `18.2 kB`, in steps of 1000 as disks are sold.
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

    /// A clock time of the stream: `0:42`, `12:34`, `1:02:03`.
    func clock(_ seconds: Double) -> String {
        let whole = max(0, clampedInt(seconds.rounded(.down)))
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        let tail = twoDigits(whole % 60)
        return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(tail)" : "\(minutes):\(tail)"
    }

    /// With so many decimals, in `.` notation whatever the locale.
    func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return glyphs.dash }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = clampedInt((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        return sign + String(scaled / scale) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    private func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

    /// Right-aligned.
    func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - displayWidth(text))) + text
    }
}

/// The whole number, kept within ±10^15; not a number is 0. No value of a snapshot can make the layout trap.
func clampedInt(_ value: Double) -> Int {
    guard !value.isNaN else { return 0 }
    return Int(min(max(value, -1e15), 1e15))
}

/// Within 0…1; not a number is 0.
func unit(_ value: Double) -> Double {
    value.isNaN ? 0 : min(max(value, 0), 1)
}
