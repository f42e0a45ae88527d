import EmotionCapture
import EmotionLive
import EmotionNetwork
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream
import Glibc

/// A session as the command line describes it.
struct SessionPlan {
    var input: SessionInput
    var options: SessionOptions
    /// The CSV log to write; nil for none.
    var log: String?
    /// Seconds of the stream after which the session ends; nil for no limit.
    var duration: Double?
    var showsDashboard: Bool
    var printsRows: Bool
    /// Whether a failure of the log ends the session: true where the log is its purpose.
    var endsWithLog = false
    /// Whether losing the microphone ends the session, rather than starting a reconnection.
    var endsWithDevice = false

    /// Whether the sound arrives in real time.
    var isPaced: Bool {
        if case .files(_, .fast) = input { return false }
        return true
    }

    /// How the source's channels are read.
    var mode: ChannelMode { options.listening.splitChannels ? .split : .mixed }

    /// The format of the rows.
    var format: RowFormat { RowFormat(isSplit: mode == .split) }

    func settings(for model: EmotionModel) -> SessionSettings {
        var settings = options.listening.settings(paced: isPaced)
        settings.unsureBelow = options.unsure.threshold(model)
        return settings
    }

    /// The plan of the live session.
    func live(for model: EmotionModel) -> LiveSession.Plan {
        LiveSession.Plan(
            input: input, mode: mode, settings: settings(for: model), duration: duration,
            endsWithDevice: endsWithDevice)
    }

    /// Loads the networks.
    func networks() throws -> SessionNetworks {
        try SessionNetworks(
            model: options.model.classifier().model,
            voiceActivityPath: ShippedFiles.path(of: ShippedFiles.voiceActivity),
            channels: mode.count, hop: options.listening.hop, delay: Self.slowness)
    }

    /// Milliseconds by which each window takes longer, from the environment, to simulate a slow machine in tests.
    private static var slowness: Int {
        unsafe getenv("EMOSCOPE_SLOW_MS").flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }
}
