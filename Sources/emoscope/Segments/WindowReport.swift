import EmotionCore
import EmotionFiles
import EmotionStream

/// The windows of a recording as text.
enum WindowReport {
    private static let columns =
        ["file", "start_s", "end_s", "status", "speech", "speaker", "label"] + Emotion.allCases.map { "p_\($0)" }
        + ["baseline"]

    /// Encodes each window as a JSON object on a line.
    static func json(_ file: String, _ rows: [Row]) -> String {
        rows.map { Field.object(columns, fields(file, $0)) }.joined()
    }

    /// The header of the CSV.
    static func header(_ writer: CSVWriter) -> String { writer.header(columns) }

    /// Encodes each window as a record of CSV.
    static func csv(_ file: String, _ rows: [Row], _ writer: CSVWriter) -> String {
        rows.map { row in writer.record(fields(file, row).map { $0.cell(writer) }) }.joined()
    }

    /// Draws a table of the windows, a line each, below a header.
    static func table(_ file: String, _ rows: [Row]) -> String {
        TextTable.draw(
            [["file", "seconds", "speaker", "label", "probability"]]
                + rows.map { row in
                    let probability = row.scores.map { Double($0[row.decision?.emotion ?? $0.argmax]) }
                    return [
                        printable(file), "\(row.start.fixed(1))–\(row.end.fixed(1))", row.speaker.map(printable) ?? "-",
                        row.decision?.word ?? row.status.rawValue, TextTable.number(probability, places: 2),
                    ]
                })
    }

    private static func fields(_ file: String, _ row: Row) -> [Field] {
        [
            .text(FileName.unicode(file)), .number(row.start, places: 3), .number(row.end, places: 3),
            .word(row.status.rawValue), .number(row.speech.map(Double.init), places: 3), .text(row.speaker),
            .word(row.decision?.word),
        ] + Emotion.allCases.map { emotion in .number(row.scores.map { Double($0[emotion]) }, places: 4) }
            + [.text(row.baseline?.word)]
    }
}
