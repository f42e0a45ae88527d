import EmotionCore
import EmotionStream

/// The pictures of sessions, one below another, as a file of SVG.
package enum SVGReport {
    private static let heading = 34.0
    private static let figures = 20.0
    private static let legend = 26.0
    private static let gap = 16.0

    package static func text(_ sessions: [SessionFigures]) -> String {
        let layout = ReportLayout(sessions)
        var elements = ""
        var y = 0.0
        for session in sessions {
            elements += SessionChart.text(session.name, "heading", SessionChart.left, y + 24)
            elements += SessionChart.text(session.summary, "note", SessionChart.left, y + 44)
            let chart = layout.chart(session)
            y += heading + figures
            elements += "<g transform=\"translate(0 \(y.fixed(1)))\">\(chart.elements)</g>\n"
            y += chart.height + gap
        }
        elements += "<g transform=\"translate(\(SessionChart.left.fixed(0)) \(y.fixed(1)))\">\(Legend.elements)</g>\n"
        let height = (y + legend).fixed(0)
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SessionChart.width.fixed(0)) \(height)" \
            width="\(SessionChart.width.fixed(0))" height="\(height)">
            <style>
            \(ChartStyle.rules)</style>
            \(ChartStyle.patterns)
            <rect class="ground" width="100%" height="100%"/>
            \(elements)</svg>

            """
    }
}

/// How sessions are drawn beside one another.
struct ReportLayout {
    /// The heights that the plots of all voices share, and that one has at least and at most, in units.
    private static let plots = 360.0
    private static let plot = 44.0...180.0
    /// How much longer than the shortest session the longest may be where all have one time scale.
    static let mostStretched = 4.0

    /// Whether a second is as wide in every session.
    let hasOneScale: Bool
    /// The seconds of the longest session.
    let span: Double
    private let plot: Double

    init(_ sessions: [SessionFigures]) {
        let lengths = sessions.map(\.session.seconds)
        span = lengths.max() ?? 0
        hasOneScale = span <= Self.mostStretched * max(lengths.min() ?? 0, 1)
        let lanes = sessions.reduce(0) { $0 + max(1, $1.lanes.count { !$0.runs.isEmpty }) }
        plot = min(max(Self.plots / Double(max(1, lanes)), Self.plot.lowerBound), Self.plot.upperBound)
    }

    func chart(_ session: SessionFigures) -> SessionChart {
        SessionChart(session, span: hasOneScale ? span : session.session.seconds, plot: plot)
    }
}

/// What the lines and patches of the pictures mean.
enum Legend {
    /// The elements, 20 units high, with the top left corner at 0, 0.
    static var elements: String {
        var text = ""
        var x = 0.0
        for emotion in Emotion.allCases {
            text += "<path class=\"curve lead \(emotion)\" d=\"M\(x.fixed(0)) 10L\((x + 34).fixed(0)) 10\"/>"
            text += SessionChart.rectangle(x + 40, 3, x + 56, 14, "piece \(emotion)")
            text += SessionChart.text(emotion.letter, "on \(emotion)", x + 48, 14, anchor: "middle")
            text += SessionChart.text(emotion.rawValue, "note", x + 61, 14)
            x += 122
        }
        for (style, sign, words) in [
            ("unsure", "?", "unsure"), ("overlap", "2", "two at once"), ("unread", "", "not read"),
        ] {
            text += SessionChart.rectangle(x, 3, x + 16, 14, "piece \(style)")
            text += SessionChart.text(sign, "on \(style)", x + 8, 14, anchor: "middle")
            text += SessionChart.text(words, "note", x + 21, 14)
            x += 28 + 7 * Double(words.count)
        }
        return text + SessionChart.line(x, 10, x + 20, 10, "quiet") + SessionChart.text("no speech", "note", x + 25, 14)
    }
}

extension SessionFigures {
    /// The figures of the session in a line.
    var summary: String {
        var parts = [
            String(session.began.iso8601.prefix(16)).replacing("T", with: " "), ReportText.clock(session.seconds),
            "speech \(ReportText.percent(min(speech, session.seconds), of: session.seconds))",
        ]
        if lanes.count > 1 { parts += lanes.map { "\($0.name) \(ReportText.clock($0.speech))" } }
        parts.append(lostSeconds > 0 ? "lost \(lostSeconds.fixed(2)) s" : "nothing lost")
        return parts.joined(separator: " · ")
    }
}
