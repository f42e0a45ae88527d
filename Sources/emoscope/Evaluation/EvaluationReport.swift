import EmotionCore
import EmotionEvaluation
import EmotionStream

/// Figures as a person reads them, and as one JSON object.
enum EvaluationReport {
    private static let labels = Emotion.allCases

    // MARK: JSON

    /// `{"corpora":{NAME:{…}},"speakers":{CORPUS:{NAME:{…}}},"all":{…}}`. Each of them has clips, uar, accuracy, recall by
    /// label (without labels that do not occur), ece, labels, and confusion: rows the truth, columns the answer, in the order
    /// of labels.
    static func json(_ figures: GroupedMetrics) -> String {
        let speakers = figures.speakers.mapValues { object($0.mapValues(object)) }
        return object([
            ("corpora", object(figures.corpora.mapValues(object))), ("speakers", object(speakers)),
            ("all", object(figures.all)),
        ])
    }

    private static func object(_ figures: ClassificationMetrics) -> String {
        let recalls = labels.compactMap { label in
            figures.recall(label).map { (label.rawValue, $0.fixed(4)) }
        }
        let rows = figures.confusion.map { "[" + $0.map(String.init).joined(separator: ",") + "]" }
        return object([
            ("clips", "\(figures.clips)"), ("uar", figures.uar.fixed(4)), ("accuracy", figures.accuracy.fixed(4)),
            ("recall", object(recalls)), ("ece", figures.calibrationError.fixed(4)),
            ("labels", "[" + labels.map { "\"\($0.rawValue)\"" }.joined(separator: ",") + "]"),
            ("confusion", "[" + rows.joined(separator: ",") + "]"),
        ])
    }

    private static func object(_ members: [String: String]) -> String {
        object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(jsonString($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }

    // MARK: Text

    /// A table of figures, a row a corpus and a speaker, then the confusion matrix of each corpus and of all.
    static func text(_ figures: GroupedMetrics, heading: String) -> String {
        var rows = [["", "clips", "UAR", "accuracy", "calibration error"] + labels.map(\.rawValue)]
        let corpora = figures.corpora.sorted { $0.key < $1.key }
        for (corpus, own) in corpora {
            rows.append(row(corpus, own))
            rows += (figures.speakers[corpus] ?? [:]).sorted { $0.key < $1.key }.map { row("  " + $0.key, $0.value) }
        }
        // One corpus is all there is.
        let isOne = corpora.count == 1
        if !isOne { rows.append(row("all", figures.all)) }
        var parts = [heading, table(rows)]
        for (name, own) in corpora.map({ ($0.key, $0.value) }) + (isOne ? [] : [("all", figures.all)]) {
            let header = ["\(printable(name)): truth \\ answer"] + labels.map(\.rawValue)
            let lines = zip(labels, own.confusion).map { label, counts in [label.rawValue] + counts.map(String.init) }
            parts.append(table([header] + lines))
        }
        return parts.joined(separator: "\n\n")
    }

    private static func row(_ name: String, _ figures: ClassificationMetrics) -> [String] {
        [
            printable(name), "\(figures.clips)", figures.uar.fixed(3), figures.accuracy.fixed(3),
            figures.calibrationError.fixed(3),
        ]
            + labels.map { figures.recall($0).map { $0.fixed(3) } ?? "-" }
    }

    /// The first column flush left, the others flush right, two spaces between.
    private static func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { cells in
            cells.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == 0 ? cells[column] + space : space + cells[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
