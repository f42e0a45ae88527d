import EmotionCore
import EmotionEvaluation

/// The report of metrics, as text or as one JSON object.
enum EvaluationReport {
    private static let labels = Emotion.allCases

    // MARK: JSON

    /// Encodes the metrics as `{"all":{…},"corpora":{NAME:{…}},"speakers":{CORPUS:{NAME:{…}}}}`.
    ///
    /// Each inner object has clips, enrolled (the clips that were a voice's reference, which are not in clips), silent (those
    /// in which nobody speaks, which are not in clips either), uar, accuracy,
    /// recall by label (without labels that do not occur), ece, labels, and confusion, whose rows are the truth and whose
    /// columns are the prediction, in the order of labels.
    static func json(_ metrics: GroupedMetrics) throws -> String {
        try JSONText.line(
            Groups(
                all: Group(metrics.all), corpora: metrics.corpora.mapValues(Group.init),
                speakers: metrics.speakers.mapValues { $0.mapValues(Group.init) }))
    }

    private struct Groups: Encodable {
        let all: Group
        let corpora: [String: Group]
        let speakers: [String: [String: Group]]
    }

    private struct Group: Encodable {
        let clips: Int
        let enrolled: Int
        let silent: Int
        let uar: RoundedNumber
        let accuracy: RoundedNumber
        let recall: [String: RoundedNumber]
        let ece: RoundedNumber
        let labels: [String]
        let confusion: [[Int]]

        init(_ metrics: ClassificationMetrics) {
            let labels = EvaluationReport.labels
            clips = metrics.clips
            enrolled = metrics.enrolled
            silent = metrics.silent
            uar = RoundedNumber(metrics.uar, places: 4)
            accuracy = RoundedNumber(metrics.accuracy, places: 4)
            recall = Dictionary(
                uniqueKeysWithValues: labels.compactMap { label in
                    metrics.recall(label).map { (label.rawValue, RoundedNumber($0, places: 4)) }
                })
            ece = RoundedNumber(metrics.calibrationError, places: 4)
            self.labels = labels.map(\.rawValue)
            confusion = metrics.confusion
        }
    }

    // MARK: Text

    /// Formats a table with a row for each corpus and each speaker, then the confusion matrix of each corpus and of
    /// all.
    ///
    /// The column "enrolled" exists if clips were a voice's reference, "silent" if nobody speaks in some.
    static func text(_ metrics: GroupedMetrics, heading: String) -> String {
        let hasReferences = metrics.all.enrolled > 0
        let hasSilence = metrics.all.silent > 0
        func row(_ name: String, _ own: ClassificationMetrics) -> [String] {
            [printable(name), "\(own.clips)"] + (hasReferences ? ["\(own.enrolled)"] : [])
                + (hasSilence ? ["\(own.silent)"] : []) + figures(own)
        }
        var rows = [
            ["", "clips"] + (hasReferences ? ["enrolled"] : []) + (hasSilence ? ["silent"] : [])
                + ["UAR", "accuracy", "calibration error"]
                + labels.map(\.rawValue)
        ]
        let corpora = metrics.corpora.sorted { $0.key < $1.key }
        for (corpus, own) in corpora {
            rows.append(row(corpus, own))
            rows += (metrics.speakers[corpus] ?? [:]).sorted { $0.key < $1.key }.map { row("  " + $0.key, $0.value) }
        }
        // With a single corpus, the row and the matrix of all clips would repeat its own.
        let isOne = corpora.count == 1
        if !isOne { rows.append(row("all", metrics.all)) }
        var parts = [heading, TextTable.draw(rows)]
        for (name, own) in corpora.map({ ($0.key, $0.value) }) + (isOne ? [] : [("all", metrics.all)]) {
            let header = ["\(printable(name)): truth \\ answer"] + labels.map(\.rawValue)
            let lines = zip(labels, own.confusion).map { label, counts in [label.rawValue] + counts.map(String.init) }
            parts.append(TextTable.draw([header] + lines))
        }
        return parts.joined(separator: "\n\n")
    }

    /// UAR, accuracy, calibration error and the recall of each emotion; "-" for what no clip tells.
    private static func figures(_ metrics: ClassificationMetrics) -> [String] {
        let error = metrics.clips == 0 ? nil : metrics.calibrationError
        return ([metrics.uar, metrics.accuracy, error] + labels.map(metrics.recall)).map { TextTable.number($0) }
    }
}
