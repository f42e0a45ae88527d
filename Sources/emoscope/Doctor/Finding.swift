/// What one check found.
struct Finding {
    enum Severity: String {
        case good = "ok"
        /// Works, but not as well as it could.
        case warning = "note"
        case bad = "FAILS"
    }

    let subject: String
    let severity: Severity
    let text: String
    /// The exit code where it fails.
    var kind = Failure.Kind.runTime

    var line: String {
        SummaryText.padded(subject, 12) + SummaryText.padded(severity.rawValue, 7) + text
    }
}
