import EmotionCore
import EmotionFiles

/// One value of a row, before a format encodes it.
package enum Field {
    /// A whole number; nil where the column does not apply.
    case integer(Int?)
    /// A number with a fixed count of decimals; nil where the column does not apply.
    case number(Double?, places: Int)
    /// A word without quotes or separators; nil where the column does not apply.
    case word(String?)
    /// Text of any kind; nil where the column does not apply.
    case text(String?)

    /// The value as a cell of CSV; empty where the column does not apply.
    package func cell(_ writer: CSVWriter) -> String {
        switch self {
        case .integer(let value): value.map { String($0) } ?? ""
        case .number(let value, let places): value.map { writer.number($0, places: places) } ?? ""
        case .word(let word): word ?? ""
        case .text(let text): text.map(CSVWriter.formulaSafeCell) ?? ""
        }
    }

    /// The value as JSON; null where the column does not apply.
    package var json: String {
        switch self {
        case .integer(let value): value.map { String($0) } ?? "null"
        case .number(let value, let places): value.map { $0.fixed(places) } ?? "null"
        case .word(let word): word.map(jsonString) ?? "null"
        case .text(let text): text.map(jsonString) ?? "null"
        }
    }

    /// Encodes columns with their values as a JSON object on one line, ended by LF.
    package static func object(_ columns: [String], _ fields: [Field]) -> String {
        "{" + zip(columns, fields).map { "\"\($0)\":\($1.json)" }.joined(separator: ",") + "}\n"
    }
}

extension Row {
    /// The columns of the log, in order; those of the logits are the last, where the format holds them.
    static func columns(_ format: RowFormat) -> [String] {
        (format.holdsLogits ? LogColumn.allCases : LogColumn.common).map(\.rawValue)
    }

    /// The values of `columns`.
    func fields(_ format: RowFormat) -> [Field] {
        commonFields
            + (format.holdsLogits
                ? Emotion.allCases.map { emotion in .number(logits.map { Double($0[emotion]) }, places: 5) } : [])
    }

    private var commonFields: [Field] {
        [
            .integer(sequence), .number(start, places: 3), .number(end, places: 3), .word(wallEnd.iso8601),
            .word(status.rawValue), .number(speech.map(Double.init), places: 3),
            .number(level.map(Double.init), places: 1),
        ] + Self.fields(scores, decision) + Self.fields(smoothed, smoothedDecision) + [
            .number(inference, places: 1), .number(latency, places: 1), .number(missingSeconds, places: 3),
            .text(note), .integer(channel), .text(speaker), .word(baseline?.word),
        ]
    }

    private static func fields(_ scores: EmotionScores?, _ decision: Decision?) -> [Field] {
        Emotion.allCases.map { emotion in .number(scores.map { Double($0[emotion]) }, places: 4) }
            + [.word(decision?.word)]
    }
}
