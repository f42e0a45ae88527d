import EmotionCore
import EmotionStream

/// Who spoke how long, and with which emotions: a row for each voice of each session.
enum VoiceTable {
    static func html(_ sessions: [SessionFigures]) -> String {
        let isComparison = sessions.count > 1
        let labels = SessionFigures.labels.filter { label in
            label != .overlap || sessions.contains { $0.lanes.contains { $0.seconds[label] != nil } }
        }
        var head = isComparison ? "<th scope=\"col\">session</th>" : ""
        head += "<th scope=\"col\">voice</th>" + ["speech", "share", "turns", "longest"].map(column).joined()
        head += "<th scope=\"col\" class=\"bar\">distribution</th>"
        head += labels.map { column($0 == .overlap ? "two at once" : $0.word) }.joined() + column("changes a minute")
        let rows = sessions.flatMap { session in
            session.lanes.map { row($0, session, labels, isComparison) }
        }
        guard !rows.isEmpty else { return "<p class=\"summary\">Nobody spoke.</p>\n" }
        return """
            <section class="voices"><h2>Who spoke, how long, and how it sounded</h2>
            <div class="scroll"><table><thead><tr>\(head)</tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></section>

            """
    }

    private static func column(_ title: String) -> String { "<th scope=\"col\" class=\"number\">\(title)</th>" }

    private static func row(
        _ lane: SessionFigures.Lane, _ session: SessionFigures, _ labels: [SegmentLabel], _ isComparison: Bool
    ) -> String {
        var cells = isComparison ? "<td>\(session.name.inMarkup)</td>" : ""
        cells += "<th scope=\"row\">\(lane.name.inMarkup)</th>"
        var numbers = [
            ReportText.clock(lane.speech), ReportText.percent(lane.speech, of: session.session.seconds),
            String(lane.turns), ReportText.clock(lane.longestTurn),
        ]
        cells += numbers.map(number).joined() + "<td class=\"bar\">\(bar(lane))</td>"
        numbers = labels.map { ReportText.percent(lane.seconds[$0] ?? 0, of: lane.speech) }
        numbers.append(lane.speech > 0 ? (60 * Double(lane.changes) / lane.speech).fixed(1) : "–")
        return "<tr>\(cells)\(numbers.map(number).joined())</tr>\n"
    }

    private static func number(_ text: String) -> String { "<td class=\"number\">\(text)</td>" }

    /// The shares of a voice's speech as one bar.
    private static func bar(_ lane: SessionFigures.Lane) -> String {
        guard lane.speech > 0 else { return "" }
        var x = 0.0
        var elements = ""
        for label in SessionFigures.labels {
            let width = 200 * (lane.seconds[label] ?? 0) / lane.speech
            guard width > 0 else { continue }
            elements += SessionChart.rectangle(x, 1, x + width, 14, "piece \(label.style)")
            if width > 14 {
                elements += SessionChart.text(label.sign, "on \(label.style)", x + width / 2, 12, anchor: "middle")
            }
            x += width
        }
        return "<svg class=\"shares\" viewBox=\"0 0 200 16\" aria-hidden=\"true\">\(elements)</svg>"
    }
}
