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
    /// The CSV log to write; nil for none, `-` for standard output.
    var log: String?
    /// Seconds of the stream after which the session ends; nil for no limit.
    var duration: Double?
    var showsDashboard: Bool
    var printsRows: Bool
    /// Whether a failure of the log ends the session: true where the log is its purpose.
    var endsWithLog = false
    /// Whether losing the microphone ends the session, rather than starting a reconnection.
    var endsWithDevice = false
    /// The description of the session that is repeated; nil for none.
    var repeated: Sidecar?

    /// Whether the log is standard output, which then holds nothing else.
    var logsToOutput: Bool { log == "-" }

    /// The path of the log.
    var logPath: String? { logsToOutput ? "/dev/stdout" : log }

    /// Checks that the session's files are not those that it reads, and have names of their own.
    func checkFiles() throws(Failure) {
        var read: [String] = []
        if case .files(let files, _, _) = input { read = files }
        let log = logsToOutput ? nil : log
        try OwnInput.keep(read, from: [log, log.map { Sidecar.path(beside: $0) }, options.saving.saveAudio])
    }

    /// The plan with what follows from the place of its log: where that is standard output, neither the dashboard nor rows
    /// of JSON are shown there, and a failure of it ends the session.
    func resolved() -> SessionPlan {
        guard logsToOutput else { return self }
        var plan = self
        (plan.showsDashboard, plan.printsRows, plan.endsWithLog) = (false, false, true)
        return plan
    }

    /// Whether the sound lacks the pauses of the session that is repeated.
    var lacksPauses: Bool {
        guard let repeated, case .files(let files, _, _) = input else { return false }
        return repeated.lacksPauses(files)
    }

    /// Whether the sound arrives in real time.
    var isPaced: Bool {
        if case .files(_, .fast, _) = input { return false }
        return true
    }

    /// How the source's channels are read.
    var mode: ChannelMode { options.listening.splitChannels ? .split : .mixed }

    /// The format of the rows.
    var format: RowFormat {
        RowFormat(holdsLogits: options.saving.logLogits, dialect: options.saving.csv.csvDialect)
    }

    /// The settings of the session.
    ///
    /// A baseline of whole recordings is computed, unless the session that is repeated knew it.
    func settings(for recognizer: EmotionRecognizer) throws -> SessionSettings {
        try repeated?.check(recognizer.model)
        var settings = options.listening.settings(paced: isPaced)
        settings.unsureBelow = options.unsure.threshold(recognizer.model)
        settings.correction = repeated?.settings.correction ?? recognizer.model.configuration.correction
        let (files, raw): ([String], RawFormat?) =
            if case .files(let files, _, let raw) = input { (files, raw) } else { ([], nil) }
        settings.baseline =
            try repeated?.settings.given ?? options.baseline.mode(files, raw, mode, options.speakers, recognizer)
        settings.speakers = options.speakers.count
        settings.known =
            try repeated.map { try $0.settings.knownSpeakers() }
            ?? options.baseline.profiles.speakers(options.speakers.count, for: recognizer.model)
        return settings
    }

    /// The plan of the live session.
    func live(_ settings: SessionSettings) -> LiveSession.Plan {
        LiveSession.Plan(
            input: input, mode: mode, settings: settings, duration: duration, endsWithDevice: endsWithDevice)
    }

    /// Loads the networks.
    func networks(_ recognizer: EmotionRecognizer) throws -> SessionNetworks {
        try SessionNetworks(
            recognizer, speakers: options.speakers.count, channels: mode.count, hop: options.listening.hop,
            delay: Self.slowness)
    }

    /// Milliseconds by which each window takes longer, from the environment, to simulate a slow machine in tests.
    private static var slowness: Int {
        unsafe getenv("EMOSCOPE_SLOW_MS").flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }
}
