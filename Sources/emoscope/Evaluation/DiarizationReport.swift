import EmotionCore
import EmotionEvaluation

/// Diarization error rates as a person reads them, and as one JSON object.
enum DiarizationReport {
    /// `{"all":[{…},…],"recordings":{NAME:[{…},…]}}`, an object for each way of scoring.
    ///
    /// Each has collar (seconds), overlap (whether overlapped speech counts), speech_s, der, missed, false_alarm and
    /// confused (shares of the speech time; null without speech).
    static func json(_ scores: DiarizationScores) throws -> String {
        try JSONText.line(Groups(all: rates(scores.all), recordings: scores.recordings.mapValues(rates)))
    }

    private struct Groups: Encodable {
        let all: [Rate]
        let recordings: [String: [Rate]]
    }

    private struct Rate: Encodable {
        let collar: Double
        let overlap: Bool
        let speechS: RoundedNumber
        let der: RoundedNumber
        let missed: RoundedNumber
        let falseAlarm: RoundedNumber
        let confused: RoundedNumber
    }

    private static func rates(_ rates: [DiarizationErrorRate]) -> [Rate] {
        zip(DiarizationScores.rules, rates).map { rule, rate in
            Rate(
                collar: rule.collar, overlap: rule.countsOverlap, speechS: RoundedNumber(rate.total, places: 3),
                der: RoundedNumber(rate.value, places: 4), missed: RoundedNumber(rate.missed / rate.total, places: 4),
                falseAlarm: RoundedNumber(rate.falseAlarm / rate.total, places: 4),
                confused: RoundedNumber(rate.confused / rate.total, places: 4))
        }
    }

    /// A table of the recordings for each way of scoring.
    static func text(_ scores: DiarizationScores) -> String {
        DiarizationScores.rules.indices.map { index in
            let rule = DiarizationScores.rules[index]
            var rows = [["", "speech s", "DER", "missed", "false alarm", "confused"]]
            rows += scores.recordings.sorted { $0.key < $1.key }.map { row(printable($0.key), $0.value[index]) }
            if scores.recordings.count > 1 { rows.append(row("all", scores.all[index])) }
            let overlap = rule.countsOverlap ? "overlapped speech counted" : "overlapped speech left out"
            return "collar \(rule.collar.fixed(2)) s, \(overlap)\n\n" + TextTable.draw(rows)
        }.joined(separator: "\n\n")
    }

    private static func row(_ name: String, _ rate: DiarizationErrorRate) -> [String] {
        let shares = [rate.value, rate.missed / rate.total, rate.falseAlarm / rate.total, rate.confused / rate.total]
        return [name, rate.total.fixed(1)] + shares.map { TextTable.number($0) }
    }
}
