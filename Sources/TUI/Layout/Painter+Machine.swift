import EmotionCore

extension Painter {
    /// Whether something is wrong with the machine: inference cannot keep up, or sound or windows are missing.
    private var isMachineInTrouble: Bool {
        let performance = snapshot.performance
        return (performance.realTimeFactor ?? 0) > 1 || performance.windowsDropped > 0 || performance.overruns > 0
            || performance.secondsLost > 0
    }

    /// What the machine does, in parts: what people look for first.
    private var machineParts: [String] {
        let performance = snapshot.performance
        var parts = [
            "latency " + numbers.milliseconds(performance.latency),
            "inference " + numbers.milliseconds(performance.inference),
            droppedText, "overruns \(performance.overruns)",
        ]
        let factor = performance.realTimeFactor.map { numbers.fixed($0, 2) } ?? glyphs.dash
        let behind = (performance.realTimeFactor ?? 0) > 1
        parts.insert("load \(factor)", at: behind ? 0 : parts.count)
        if behind { parts.insert("BEHIND", at: 0) }
        if let drift = performance.drift { parts.append("clock " + driftText(drift)) }
        parts.append("windows \(performance.windows)")
        if !snapshot.modelName.isEmpty { parts.append(snapshot.modelName.replacing("·", with: glyphs.separator)) }
        return parts
    }

    /// Returns a drift as `+12 ±30 ppm`.
    private func driftText(_ drift: DashboardSnapshot.Drift) -> String {
        let sign = drift.ppm < 0 ? "-" : "+"
        let error = numbers.fixed(drift.error.rounded(.up), 0)
        return sign + numbers.fixed(abs(drift.ppm), 0) + " \(glyphs == .ascii ? "+-" : "±")\(error) ppm"
    }

    /// The number of dropped windows, and the seconds of lost sound if there are any.
    private var droppedText: String {
        let performance = snapshot.performance
        let lost = performance.secondsLost > 0 ? ", lost \(numbers.fixed(performance.secondsLost, 1)) s" : ""
        return "dropped \(performance.windowsDropped)\(lost)"
    }

    /// Paints the machine in one line, which has the colour of an alarm while something is wrong; the last parts are left
    /// out if they do not fit.
    ///
    /// - Parameter prefix: What stands before it, such as the span of plots without an axis.
    mutating func paintMachine(x start: Int = 1, y: Int, prefix: [String] = []) {
        let style: Style = isMachineInTrouble ? .alarm : .label
        var x = start
        let title = frame.width >= 76 && start == 1 ? ["machine"] : []
        for (index, part) in (prefix + title + machineParts).enumerated() {
            guard x + displayWidth(part) < frame.width else { return }
            let isTitle = index == prefix.count && !title.isEmpty && !isMachineInTrouble
            x += frame.put(part, x: x, y: y, isTitle ? .title : style) + 2
        }
    }
}
