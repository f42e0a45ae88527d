import EmotionCapture
import EmotionNetwork
import EmotionSoundFiles
import EmotionStream

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
    /// Whether losing the microphone ends the session, rather than waiting for it.
    var endsWithDevice = false

    /// Whether the sound comes at the pace of time.
    var isPaced: Bool {
        if case .files(_, .fast) = input { return false }
        return true
    }

    /// What becomes of the source's channels.
    var mode: ChannelMode { options.listening.splitChannels ? .split : .mixed }

    /// How its rows are written.
    var format: RowFormat { RowFormat(isSplit: mode == .split) }

    func settings(for model: EmotionModel) -> SessionSettings {
        var settings = options.listening.settings(paced: isPaced)
        settings.unsureBelow = options.unsure.threshold(model)
        return settings
    }
}
