import EmotionCore
import EmotionEvaluation

/// Diarization error rates as a person reads them, and as one JSON object.
enum DiarizationReport {
    /// `{"all":[{…},…],"recordings":{NAME:[{…},…]}}`, an object for each way of scoring.
    ///
    /// Each has collar (seconds), overlap (whether overlapped speech counts), speech_s, der, missed, false_alarm and
    /// confused (shares of the speech time; null without speech).
    ///
    /// - Parameter timing: Adds `"timing":{…}`: wrong switches a minute, the share of speakers who were known within 1.5 s
    ///   of their first words, the median of that time in seconds, and the share of recordings with the right number of
    ///   voices.
    static func json(_ scores: DiarizationScores, _ timing: SpeakerTiming? = nil) throws -> String {
        try JSONText.line(
            Groups(
                all: rates(scores.all), recordings: scores.recordings.mapValues(rates), timing: timing.map(Timing.init))
        )
    }

    private struct Groups: Encodable {
        let all: [Rate]
        let recordings: [String: [Rate]]
        let timing: Timing?
    }

    /// Seconds within which a new speaker should be known.
    private static let soon = 1.5

    private struct Timing: Encodable {
        let recordings: Int
        let rightNumber: RoundedNumber
        let wrongSwitchesPerMinute: RoundedNumber
        let knownSoon: RoundedNumber
        let medianDelayS: RoundedNumber

        init(_ timing: SpeakerTiming) {
            recordings = timing.recordings
            rightNumber = RoundedNumber(Double(timing.rightCounts) / Double(timing.recordings), places: 4)
            wrongSwitchesPerMinute = RoundedNumber(timing.wrongSwitchesPerMinute, places: 3)
            knownSoon = RoundedNumber(timing.share(within: soon), places: 4)
            medianDelayS = RoundedNumber(timing.medianDelay, places: 3)
        }
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
    static func text(_ scores: DiarizationScores, _ timing: SpeakerTiming? = nil) -> String {
        let lines = timing.map { timing in
            """


            the right number of voices in \(timing.rightCounts) of \(timing.recordings) recordings
            wrong switches a minute: \(timing.wrongSwitchesPerMinute.fixed(2))
            speakers known within \(soon.fixed(1)) s of their first words: \(SummaryText.percent(timing.share(within: soon))) \
            (half of them within \(timing.medianDelay.fixed(2)) s)
            """
        }
        return tables(scores) + (lines ?? "")
    }

    private static func tables(_ scores: DiarizationScores) -> String {
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
