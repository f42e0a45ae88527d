import EmotionCore
import EmotionFiles
import EmotionStream

/// Segments and markers as a table: CSV or JSON Lines, a row each, in the order of time.
package enum SegmentTable {
    /// The columns of a segment, whether of a log or of a recording.
    package static let columns =
        ["start_s", "end_s", "speaker", "channel", "label", "probability"] + Emotion.allCases.map { "p_\($0)" }
        + ["baseline"]

    /// The values of `columns`.
    package static func fields(_ segment: Segment, channel: Int?) -> [Field] {
        [
            .number(segment.start, places: 3), .number(segment.end, places: 3), .text(segment.speaker),
            .integer(channel), .word(segment.label.word), .number(segment.probability, places: 4),
        ] + Emotion.allCases.map { emotion in .number(segment.probabilities.map { Double($0[emotion]) }, places: 4) }
            + [.text(segment.baseline?.word)]
    }

    private static let exported = ["kind"] + columns + ["note"]

    static func csv(_ annotations: Annotations, _ dialect: CSVDialect) -> String {
        let writer = CSVWriter(dialect)
        return writer.header(exported)
            + rows(annotations).map { writer.record($0.map { $0.cell(writer) }) }.joined()
    }

    static func json(_ annotations: Annotations) -> String {
        rows(annotations).map { Field.object(exported, $0) }.joined()
    }

    private static func rows(_ annotations: Annotations) -> [[Field]] {
        let segments = annotations.segments.map { tier, segment in
            (
                time: segment.start,
                fields: [.word("segment")] + fields(segment, channel: tier.channel) + [Field.text(nil)]
            )
        }
        let markers = annotations.markers.map { (time: $0.time, fields: fields($0)) }
        return (segments + markers).sorted { $0.time < $1.time }.map(\.fields)
    }

    private static func fields(_ marker: Annotations.Marker) -> [Field] {
        [.word("marker"), .number(marker.time, places: 3), .number(marker.time, places: 3)]
            + [Field](repeating: .word(nil), count: columns.count - 2) + [.text(marker.note)]
    }
}
