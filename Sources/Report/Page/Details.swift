import EmotionCore
import EmotionStream

/// What stands below the pictures: transitions, markers, losses, baselines and settings.
enum Details {
    static func html(_ entry: HTMLReport.Entry, _ isComparison: Bool) -> String {
        let figures = entry.figures
        let cards = [
            transitions(figures), markers(figures), losses(figures), baselines(figures), settings(entry.facts),
        ].joined()
        let heading = isComparison ? "<h2>\(figures.name.inMarkup)</h2>\n" : ""
        return "<section class=\"details\">\(heading)<div class=\"cards\">\n\(cards)</div></section>\n"
    }

    private static func card(_ title: String, _ content: String, _ style: String = "") -> String {
        "<article class=\"card \(style)\"><h3>\(title)</h3>\(content)</article>\n"
    }

    // MARK: Transitions

    /// A table of how often one label followed another, of all voices together.
    private static func transitions(_ figures: SessionFigures) -> String {
        var counts: [SessionFigures.Transition: Int] = [:]
        for lane in figures.lanes { counts.merge(lane.transitions, uniquingKeysWith: +) }
        let labels = SessionFigures.labels.filter { label in
            counts.keys.contains { $0.from == label || $0.to == label }
        }
        guard !labels.isEmpty else { return card("Changes", "<p>No label followed another one.</p>") }
        let head =
            "<tr><td></td>" + labels.map { "<th scope=\"col\" class=\"number\">\(name($0))</th>" }.joined() + "</tr>"
        let most = counts.values.max() ?? 1
        let rows = labels.map { from in
            "<tr><th scope=\"row\">\(name(from))</th>"
                + labels.map { to in
                    let count = counts[SessionFigures.Transition(from: from, to: to)] ?? 0
                    let shade = count > 0 ? " shade\((3 * count + most - 1) / most)" : ""
                    return "<td class=\"number\(shade)\">\(count > 0 ? String(count) : "·")</td>"
                }.joined() + "</tr>"
        }
        return card(
            "Changes",
            "<p>from the row to the column, within \(SessionFigures.longestPause.fixed(0)) s</p><table>\(head)\(rows.joined())</table>"
        )
    }

    private static func name(_ label: SegmentLabel) -> String { label == .overlap ? "two at once" : label.word }

    // MARK: Markers, losses, baselines

    private static func markers(_ figures: SessionFigures) -> String {
        guard !figures.markers.isEmpty else { return "" }
        let items = figures.markers.map { marker in
            "<li><button type=\"button\" data-time=\"\(marker.time.fixed(3))\">\(ReportText.clock(marker.time))</button> \(marker.note.inMarkup)</li>"
        }
        return card("Markers", "<ol class=\"list\">\(items.joined())</ol>")
    }

    private static func losses(_ figures: SessionFigures) -> String {
        var items = figures.losses.map {
            "\(ReportText.clock($0.start)): \(($0.end - $0.start).fixed(2)) s lost. \($0.note)"
        }
        let windows = figures.session.windows
        let (dropped, failed) = (windows.count { $0.status == .dropped }, windows.count { $0.status == .failed })
        if dropped > 0 { items.append("\(dropped) windows were skipped, because the network fell behind.") }
        if failed > 0 { items.append("\(failed) windows could not be read.") }
        items += figures.pauses.map {
            "\(ReportText.clock($0.start)): the recording paused for \(ReportText.clock($0.end - $0.start))."
        }
        items += figures.session.events.filter { $0.status == .unlogged || $0.status == .unsaved }
            .map { "\(ReportText.clock($0.start)): \($0.note)" }
        guard !items.isEmpty else { return card("Losses", "<p>Nothing was lost.</p>") }
        return card("Losses", "<ul class=\"list\">\(items.map { "<li>\($0.inMarkup)</li>" }.joined())</ul>", "alarm")
    }

    private static func baselines(_ figures: SessionFigures) -> String {
        let rows = figures.lanes.flatMap { lane in
            lane.baselines.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { word, seconds in
                "<tr><th scope=\"row\">\(lane.name.inMarkup)</th><td>\(word.inMarkup)</td><td class=\"number\">\(ReportText.clock(seconds))</td></tr>"
            }
        }
        let changes = figures.session.events.filter { $0.status == .baseline && !$0.note.isEmpty }
            .map { "<li>\("\(ReportText.clock($0.end)): \($0.note)".inMarkup)</li>" }
        let list = changes.isEmpty ? "" : "<ul class=\"list\">\(changes.joined())</ul>"
        return rows.isEmpty
            ? ""
            : card(
                "The voice’s normal",
                "<p>what probabilities were corrected by</p><table>\(rows.joined())</table>\(list)")
    }

    private static func settings(_ facts: [(name: String, value: String)]) -> String {
        guard !facts.isEmpty else {
            return card("Settings", "<p>There is no description beside the log that can be read.</p>")
        }
        let items = facts.map { "<dt>\($0.name.inMarkup)</dt><dd>\($0.value.inMarkup)</dd>" }
        return card("Settings", "<dl>\(items.joined())</dl>")
    }
}
