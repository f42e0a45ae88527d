import EmotionCapture
import EmotionLive
import EmotionNetwork
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream
import Glibc

/// A session as the command line asks for it.
struct SessionPlan {
    var input: SessionInput
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
    var format: RowFormat { RowFormat(isSplit: mode == .split, holdsLogits: options.saving.logLogits) }

    /// The settings of the session; a baseline of whole recordings is computed.
    func settings(for recognizer: EmotionRecognizer) throws -> SessionSettings {
        var settings = options.listening.settings(paced: isPaced)
        settings.unsureBelow = options.unsure.threshold(recognizer.model)
        settings.correction = recognizer.model.configuration.correction
        let files = if case .files(let files, _) = input { files } else { [String]() }
        settings.baseline = try options.baseline.mode(files, mode, recognizer)
        return settings
    }

    /// The part of it that the session knows of.
    func live(_ settings: SessionSettings) -> LiveSession.Plan {
        LiveSession.Plan(
            input: input, mode: mode, settings: settings, duration: duration, endsWithDevice: endsWithDevice)
    }

    /// The networks that it needs.
    func networks(_ recognizer: EmotionRecognizer) throws -> SessionNetworks {
        try SessionNetworks(
            model: recognizer.model,
            voiceActivityPath: ShippedFiles.path(of: ShippedFiles.voiceActivity),
            channels: mode.count, hop: options.listening.hop, delay: Self.slowness)
    }

    /// Milliseconds by which each window takes longer, from the environment: what a slow machine does, for tests.
    private static var slowness: Int {
        unsafe getenv("EMOSCOPE_SLOW_MS").flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }
}
