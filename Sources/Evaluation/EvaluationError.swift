import EmotionCore

/// The error of a manifest or corpus folder that cannot be used: its path, what is wrong with it and what would work.
package struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    /// The line of the manifest, from 1; nil where the whole file is meant.
    package let line: Int?
    package let problem: String
    package let remedy: String

    init(_ path: String, line: Int? = nil, _ problem: String, remedy: String = "") {
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String {
        let place = line.map { " line \($0)" } ?? ""
        return printable("\"\(path)\"\(place): \(problem)" + (remedy.isEmpty ? "" : "; \(remedy)"))
    }
}

/// Lists counts, the greatest first, equal ones by name: `192 calm, 96 song`.
package func counted(_ counts: [String: Int], most: Int = 8) -> String {
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(most).map { "\($0.value) \(printable(String($0.key.prefix(40))))" }
    return (shown + (sorted.count > most ? ["\(sorted.count - most) more kinds"] : [])).joined(separator: ", ")
}
