import EmotionCore
import EmotionFiles

extension LogReader {
    /// Seconds that a log spans at most: 30 years.
    private static let longest = 0.0...1e9

    /// The row of a session that a record of the log holds.
    ///
    /// - Throws: `CSVFileError` where a cell does not hold what its column does.
    package func row(_ record: CSVRecord) throws(CSVFileError) -> Row {
        guard let start = try number(.start, of: record, in: Self.longest),
            let end = try number(.end, of: record, in: Self.longest), start <= end
        else { throw failure("does not say from when until when it is", record) }
        guard let status = try text(.status, of: record).flatMap(RowStatus.init) else {
            throw failure("has a status that this version does not know", record)
        }
        guard let wallEnd = try text(.wallEnd, of: record).flatMap(WallTime.init(iso8601:)) else {
            throw failure("has no ISO 8601 time in the column \(LogColumn.wallEnd.rawValue)", record)
        }
        var row = Row(start: start, end: end, wallEnd: wallEnd, status: status)
        row.sequence = Int(try number(.sequence, of: record, in: 0...1e15) ?? 0)
        row.speech = try number(.speech, of: record, in: 0...1).map { Float($0) }
        row.level = try number(.level, of: record, in: -1000...1000).map { Float($0) }
        row.scores = try scores(LogColumn.probabilities, of: record, in: 0...1)
        row.smoothed = try scores(LogColumn.smoothed, of: record, in: 0...1)
        row.logits = try scores(LogColumn.logits, of: record, in: -1e6...1e6)
        row.decision = try decision(.label, of: record)
        row.smoothedDecision = try decision(.smoothedLabel, of: record)
        row.inference = try number(.inference, of: record)
        row.latency = try number(.latency, of: record)
        row.missingSeconds = try number(.missing, of: record, in: Self.longest) ?? 0
        row.note = try text(.note, of: record) ?? ""
        row.speaker = try text(.speaker, of: record)
        row.baseline = try text(.baseline, of: record).map(BaselineState.init(word:))
        if let channel = try number(.channel, of: record) {
            guard channel == 1 || channel == 2 else { throw failure("has a channel that is neither 1 nor 2", record) }
            row.channel = Int(channel)
        }
        return row
    }

    /// Four numbers; nil where one of them is missing.
    private func scores(
        _ columns: [LogColumn], of record: CSVRecord, in range: ClosedRange<Double>
    ) throws(CSVFileError) -> EmotionScores? {
        var scores = EmotionScores()
        for (emotion, column) in zip(Emotion.allCases, columns) {
            guard let number = try number(column, of: record, in: range) else { return nil }
            scores[emotion] = Float(number)
        }
        return scores
    }

    private func decision(_ column: LogColumn, of record: CSVRecord) throws(CSVFileError) -> Decision? {
        guard let word = try text(column, of: record) else { return nil }
        if let emotion = Emotion(rawValue: word) { return .emotion(emotion) }
        guard word == Decision.unsure.word else {
            throw failure("has a label in the column \(column.rawValue) that is neither an emotion nor unsure", record)
        }
        return .unsure
    }
}
