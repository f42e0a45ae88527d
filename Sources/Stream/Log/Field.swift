import EmotionCore

/// One value of a row, before a format encodes it.
enum Field {
    /// A whole number; nil where the column does not apply.
    case integer(Int?)
    /// A number with a fixed count of decimals; nil where the column does not apply.
    case number(Double?, places: Int)
    /// A word without quotes or separators; nil where the column does not apply.
    case word(String?)
    /// Text of any kind.
    case text(String)
}

extension Row {
    /// The columns of the log, in order: with the logits where the format holds them, with `channel` as the last in a split
    /// session.
    static func columns(_ format: RowFormat) -> [String] {
        commonColumns + (format.holdsLogits ? Emotion.allCases.map { "l_\($0)" } : [])
            + (format.isSplit ? ["channel"] : [])
    }

    private static let commonColumns = [
        "seq", "start_s", "end_s", "wall_end", "status", "speech", "rms_dbfs",
        "p_angry", "p_happy", "p_neutral", "p_sad", "label",
        "s_angry", "s_happy", "s_neutral", "s_sad", "smoothed_label",
        "baseline", "infer_ms", "latency_ms", "dropped_s", "note",
    ]

    /// The values of `columns`.
    func fields(_ format: RowFormat) -> [Field] {
        commonFields
            + (format.holdsLogits
                ? Emotion.allCases.map { emotion in .number(logits.map { Double($0[emotion]) }, places: 5) } : [])
            + (format.isSplit ? [.integer(channel)] : [])
    }

    private var commonFields: [Field] {
        [
            .integer(sequence), .number(start, places: 3), .number(end, places: 3), .word(wallEnd.iso8601),
            .word(status.rawValue), .number(speech.map(Double.init), places: 3),
            .number(level.map(Double.init), places: 1),
        ] + Self.fields(scores, decision) + Self.fields(smoothed, smoothedDecision) + [
            .word(baseline?.word), .number(inference, places: 1), .number(latency, places: 1),
            .number(missingSeconds, places: 3), .text(note),
        ]
    }

    private static func fields(_ scores: EmotionScores?, _ decision: Decision?) -> [Field] {
        Emotion.allCases.map { emotion in .number(scores.map { Double($0[emotion]) }, places: 4) }
            + [.word(decision?.word)]
    }
}
