import Capture
import Stream

/// A session as the command line asks for it.
struct SessionPlan {
    enum Input {
        case microphone(device: String)
        case files([String], pace: FileSource.Pace)
    }

    var input: Input
    var options: SessionOptions
    /// The CSV to write, if any.
    var log: String?
    /// Seconds after which a microphone is closed.
    var duration: Double?
    var showsDashboard: Bool
    var printsRows: Bool
    /// Whether losing the log ends the session: true where the log is what the session is for.
    var endsWithLog = false

    var settings: SessionSettings {
        if case .files(_, .fast) = input { return options.listening.settings(paced: false) }
        return options.listening.settings(paced: true)
    }
}
