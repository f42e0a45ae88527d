import EmotionCore

/// One value of a row, before a format encodes it.
enum Field {
    /// A whole number; nil where the column does not apply.
    case integer(Int?)
    /// A number with a fixed count of decimals; nil where the column does not apply.
    case number(Double?, places: Int)
    /// A word without quotes or separators; nil where the column does not apply.
    case word(String?)
    /// Text of any kind; nil where the column does not apply.
    case text(String?)
}

extension Row {
    /// The columns of the log, in order; those of the logits are the last, where the format holds them.
    static func columns(_ format: RowFormat) -> [String] {
        commonColumns + (format.holdsLogits ? Emotion.allCases.map { "l_\($0)" } : [])
    }

    private static let commonColumns = [
        "seq", "start_s", "end_s", "wall_end", "status", "speech", "rms_dbfs",
        "p_angry", "p_happy", "p_neutral", "p_sad", "label",
        "s_angry", "s_happy", "s_neutral", "s_sad", "smoothed_label",
        "infer_ms", "latency_ms", "dropped_s", "note", "channel", "speaker", "baseline",
    ]

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
