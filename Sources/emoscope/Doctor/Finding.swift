/// The result of one check.
struct Finding {
    /// How a check ended; the raw value is printed.
    enum Severity: String {
        case ok
        /// It works, but could work better.
        case warning = "note"
        case failure = "FAILS"
    }

    /// The thing that was checked, in one word.
    let subject: String
    let severity: Severity
    let text: String
    /// The exit code of a failure.
    var kind = Failure.Kind.runTime

    /// The line that is printed.
    var line: String {
        SummaryText.padded(subject, 12) + SummaryText.padded(severity.rawValue, 7) + text
    }
}
