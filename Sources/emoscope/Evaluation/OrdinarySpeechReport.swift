import EmotionCore
import EmotionEvaluation

/// Shares of ordinary speech as a person reads them, and as one JSON object.
enum OrdinarySpeechReport {
    /// What a window may be read as, by its word in a report.
    private static let kinds: [(word: String, decision: Decision?)] =
        (Emotion.allCases.map(Decision.emotion) + [.unsure]).map { ($0.word, $0) } + [("silence", nil)]

    /// `{"all":{…},"corpora":{NAME:{…}}}`.
    ///
    /// Each of them has windows, recordings, left_out (recordings without a window behind the reference), shares by
    /// emotion, unsure and silence (sum 1), and neutral_or_unsure (of the windows with speech). A share of no window is
    /// null.
    static func json(_ shares: GroupedShares) throws -> String {
        try JSONText.line(Groups(all: Group(shares.all), corpora: shares.corpora.mapValues(Group.init)))
    }

    private struct Groups: Encodable {
        let all: Group
        let corpora: [String: Group]
    }

    private struct Group: Encodable {
        let windows: Int
        let recordings: Int
        let leftOut: Int
        let shares: [String: RoundedNumber]
        let neutralOrUnsure: RoundedNumber

        init(_ own: SpeechShares) {
            windows = own.windows
            recordings = own.recordings
            leftOut = own.leftOut
            let pairs = OrdinarySpeechReport.kinds.map { kind in
                (kind.word, RoundedNumber(own.share(kind.decision) ?? .nan, places: 4))
            }
            shares = Dictionary(uniqueKeysWithValues: pairs)
            neutralOrUnsure = RoundedNumber(own.neutralOrUnsure ?? .nan, places: 4)
        }
    }

    /// A table of shares, a row a corpus, and one of all where there are several.
    static func text(_ shares: GroupedShares, heading: String) -> String {
        var rows = [["", "windows", "recordings", "left out"] + kinds.map(\.word) + ["neutral or unsure, of speech"]]
        rows += shares.corpora.sorted { $0.key < $1.key }.map { row($0.key, $0.value) }
        if shares.corpora.count > 1 { rows.append(row("all", shares.all)) }
        return heading + "\n\n" + TextTable.draw(rows)
    }

    private static func row(_ name: String, _ own: SpeechShares) -> [String] {
        [printable(name), "\(own.windows)", "\(own.recordings)", "\(own.leftOut)"]
            + kinds.map { TextTable.number(own.share($0.decision)) } + [TextTable.number(own.neutralOrUnsure)]
    }
}
