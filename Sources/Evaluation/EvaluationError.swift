import EmotionCore

/// Says which manifest or corpus folder cannot be used, what is wrong with it and what would work.
public struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    /// Line of the manifest, from 1; nil where the whole is meant.
    public let line: Int?
    public let problem: String
    public let remedy: String

    init(_ path: String, line: Int? = nil, _ problem: String, remedy: String = "") {
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String {
        let place = line.map { " line \($0)" } ?? ""
        return printable("\"\(path)\"\(place): \(problem)" + (remedy.isEmpty ? "" : "; \(remedy)"))
    }
}

/// The greatest counts first, equal ones by name: `192 calm, 96 song`.
public func counted(_ counts: [String: Int], most: Int = 8) -> String {
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(most).map { "\($0.value) \(printable(String($0.key.prefix(40))))" }
    return (shown + (sorted.count > most ? ["\(sorted.count - most) more kinds"] : [])).joined(separator: ", ")
}
