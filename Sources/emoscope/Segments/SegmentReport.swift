import EmotionCore
import EmotionFiles
import EmotionReport
import EmotionStream

/// The segments of a recording as text.
enum SegmentReport {
    /// Encodes each segment as a JSON object on a line.
    ///
    /// - Parameter warnings: What was wrong with the recording, in each object.
    static func json(_ file: String, _ segments: [Segment], _ warnings: [SoundWarning]) throws -> String {
        try segments.map { try JSONText.line(Line(file, $0, warnings)) }.joined(separator: "\n")
    }

    /// The header of the CSV.
    static func header(_ writer: CSVWriter) -> String { writer.header(["file"] + SegmentTable.columns) }

    /// Encodes each segment as a record of CSV.
    static func csv(_ file: String, _ segments: [Segment], _ writer: CSVWriter) -> String {
        segments.map { segment in
            let fields = [.text(FileName.unicode(file))] + SegmentTable.fields(segment, channel: nil)
            return writer.record(fields.map { $0.cell(writer) })
        }.joined()
    }

    /// Draws a table of the segments, a line each, below a header.
    static func table(_ file: String, _ segments: [Segment]) -> String {
        TextTable.draw(
            [["file", "seconds", "speaker", "label", "probability"]]
                + segments.map { segment in
                    [
                        printable(file), seconds(segment.range), segment.speaker.map(printable) ?? "-",
                        segment.label.word, TextTable.number(segment.probability, places: 2),
                    ]
                })
    }

    private static func seconds(_ range: Range<Int>) -> String {
        [range.lowerBound, range.upperBound].map { AudioFormat.seconds($0).fixed(1) }.joined(separator: "–")
    }

    private struct Line: Encodable {
        private enum CodingKeys: CodingKey {
            case file, startS, endS, speaker, label, baseline, probabilities, warnings
        }

        private let file: String
        private let segment: Segment
        private let warnings: [SoundWarning]

        init(_ file: String, _ segment: Segment, _ warnings: [SoundWarning]) {
            self.file = file
            self.segment = segment
            self.warnings = warnings
        }

        /// Encodes every member, null where it does not apply.
        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: CodingKeys.self)
            let range = segment.range
            try object.encode(FileName.unicode(file), forKey: .file)
            try object.encode(RoundedNumber(AudioFormat.seconds(range.lowerBound), places: 3), forKey: .startS)
            try object.encode(RoundedNumber(AudioFormat.seconds(range.upperBound), places: 3), forKey: .endS)
            try object.encode(segment.speaker, forKey: .speaker)
            try object.encode(segment.label.word, forKey: .label)
            try object.encode(segment.baseline?.word, forKey: .baseline)
            try object.encode(segment.probabilities?.rounded(places: 6), forKey: .probabilities)
            try object.encode(warnings.map(\.text), forKey: .warnings)
        }
    }
}
