import EmotionCore
import EmotionStream

/// A report as one page of HTML, which loads nothing but the sound that it names.
///
/// All text of a log is escaped. The policy of the page allows its own style and script, by their digests, and sound from
/// where the page lies; everything else, the network above all, is refused by the browser.
package enum HTMLReport {
    /// A session with what the log does not hold.
    package struct Entry: Sendable {
        package let figures: SessionFigures
        /// Names and values of the settings, from the description beside the log.
        package let facts: [(name: String, value: String)]
        /// The sound; nil where it is not known.
        package let sound: Sound?

        package init(_ figures: SessionFigures, facts: [(name: String, value: String)], sound: Sound?) {
            (self.figures, self.facts, self.sound) = (figures, facts, sound)
        }
    }

    /// The sound of a session.
    package struct Sound: Sendable {
        /// A relative address, or one that holds the sound.
        package let address: String
        /// Whether the sound lacks the pauses of the recording.
        package let lacksPauses: Bool

        package init(address: String, lacksPauses: Bool) {
            (self.address, self.lacksPauses) = (address, lacksPauses)
        }

        /// The address as an attribute; sound in base 64 has nothing to escape, and millions of characters.
        fileprivate var source: String { address.hasPrefix("data:") ? address : address.inMarkup }
    }

    /// - Parameters:
    ///   - version: The version of the program.
    ///   - digest: Gives the SHA-256 digest of a text in base 64.
    package static func text(_ entries: [Entry], version: String, digest: (String) -> String) -> String {
        let (style, script) = (PageStyle.text, PageScript.text)
        let layout = ReportLayout(entries.map(\.figures))
        let isComparison = entries.count > 1
        let title = entries.map(\.figures.name).joined(separator: ", ")
        let heading =
            isComparison ? "<header><h1>\(entries.count) sessions</h1><p>\(scale(layout))</p></header>\n" : ""
        let sections = entries.enumerated().map { section($1, $0, of: entries.count, layout) }.joined()
        let table = VoiceTable.html(entries.map(\.figures))
        let details = entries.map { Details.html($0, isComparison) }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-\(digest(style))'; \
            script-src 'sha256-\(digest(script))'; media-src 'self' file: data:; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title.inMarkup) – emoscope</title>
            <style>\(style)</style>
            </head>
            <body>
            <svg class="patterns" aria-hidden="true" width="0" height="0">\(ChartStyle.patterns)</svg>
            <main\(isComparison ? " class=\"comparison\"" : "")>
            \(heading)\(sections)\(table)\(details)</main>
            <footer>A reading is a guess about how a voice sounds, not about what a person feels. Curves are the network’s \
            probabilities, smoothed, at the middle of their 3 s; ribbons and tables are the segments, not smoothed. \
            emoscope \(version.inMarkup)</footer>
            <script type="application/json" id="data">\(PageData.json(entries))</script>
            <script>\(script)</script>
            </body>
            </html>

            """
    }

    private static func scale(_ layout: ReportLayout) -> String {
        layout.hasOneScale
            ? "All have the same time scale."
            : "Each fills the width: their lengths differ too much for one time scale."
    }

    private static let legend = """
        <p class="legend"><svg viewBox="0 0 850 20" role="img" aria-label="Key of colours and lines">\(Legend.elements)</svg></p>

        """

    private static func section(_ entry: Entry, _ index: Int, of count: Int, _ layout: ReportLayout) -> String {
        let isComparison = count > 1
        let figures = entry.figures
        let chart = layout.chart(figures)
        let size = "\(SessionChart.width.fixed(0)) \(chart.height.fixed(0))"
        let heading = isComparison ? "h2" : "h1"
        let isLast = index == count - 1
        let span = layout.hasOneScale ? layout.span : figures.session.seconds
        let label = "Emotion over time: \(figures.name). Use the arrow keys to read the values."
        let sound = entry.sound.map {
            "<audio controls preload=\"metadata\" src=\"\($0.source)\"></audio>\n"
                + "<p class=\"missing\" hidden>The sound of this session is not there, or cannot be played here.</p>\n"
        }
        return """
            <section class="session" data-session="\(index)" data-span="\(span)" data-left="\(SessionChart.left)" \
            data-right="\(SessionChart.width - SessionChart.right)" data-width="\(SessionChart.width)">
            <\(heading)>\(figures.name.inMarkup)</\(heading)>
            <p class="summary">\(figures.summary.inMarkup)</p>
            <div class="scroll"><svg class="chart" viewBox="0 0 \(size)" role="img" tabindex="0" \
            aria-label="\(label.inMarkup)">\(chart.elements)\
            <line class="playhead" y1="0" y2="\(chart.height.fixed(0))" x1="-9" x2="-9"/>\
            <line class="cursor" y1="0" y2="\(chart.height.fixed(0))" x1="-9" x2="-9"/></svg></div>
            \(isLast ? legend : "")<p class="readout" aria-live="polite"></p>
            \(sound ?? "")</section>

            """
    }
}
