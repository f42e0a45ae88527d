import EmotionCore
import EmotionStream

/// The numbers that the page's script shows under the pointer, as JSON.
enum PageData {
    /// JSON that ends no element of HTML: `<` is written by its number.
    static func json(_ entries: [HTMLReport.Entry]) -> String {
        "[\(entries.map(session).joined(separator: ","))]".replacing("<", with: "\\u003c")
    }

    private static func session(_ entry: HTMLReport.Entry) -> String {
        let figures = entry.figures
        let pauses = entry.sound?.lacksPauses == true ? figures.pauses : []
        return object([
            ("began", String(figures.session.began.nanoseconds / 1_000_000)), ("step", figures.step.fixed(3)),
            ("pauses", array(pauses.map { array([$0.start.fixed(3), $0.end.fixed(3)]) })),
            ("lanes", array(figures.lanes.map(lane))), ("quiet", array(figures.quiet.map(piece))),
        ])
    }

    private static func lane(_ lane: SessionFigures.Lane) -> String {
        let readings = lane.runs.joined()
        return object([
            ("name", jsonString(lane.name)), ("times", array(readings.map { $0.time.fixed(2) })),
            // Thousandths, which are shorter.
            (
                "scores",
                array(
                    readings.map { reading in
                        array(Emotion.allCases.map { (Double(reading.scores[$0]) * 1000).fixed(0) })
                    })
            ), ("pieces", array(lane.pieces.map(piece))),
        ])
    }

    private static func piece(_ piece: SessionFigures.Piece) -> String {
        array([
            piece.start.fixed(3), piece.end.fixed(3), jsonString(piece.label.word),
            piece.probability?.fixed(2) ?? "null",
        ])
    }

    private static func array(_ values: [String]) -> String { "[\(values.joined(separator: ","))]" }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
