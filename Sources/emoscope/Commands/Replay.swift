import ArgumentParser
import EmotionCapture
import EmotionLive

struct Replay: ParsableCommand {
    /// How fast recordings are played.
    enum Pace: String, EnumerableFlag {
        case realtime, fast

        static func help(for value: Pace) -> ArgumentHelp? {
            switch value {
            case .realtime: "Play at the speed of the recording (the default on a terminal)."
            case .fast: "Play as fast as this machine computes (the default elsewhere)."
            }
        }
    }

    static let configuration = CommandConfiguration(
        abstract: "Show or log the emotion of recordings, as if they came from a microphone.",
        discussion:
            "Several files are played one after another on one time line. WAV, FLAC, Ogg, Opus and MP3 work, and most others "
            + "where ffmpeg is installed."
    )

    @OptionGroup var input: InputOptions

    @Flag(exclusivity: .exclusive)
    var pace: Pace?

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "Repeat a session from the description beside its log: with its settings, and with markers, pauses of the "
                + "recording and baselines at the same samples. FILES are its saved sound, or the recordings that it played "
                + "under the same names.", valueName: "session.json"), completion: .file())
    var repeated: String?

    @OptionGroup var log: OptionalLog
    @OptionGroup var options: SessionOptions

    func validate() throws {
        try input.check()
        guard repeated == nil || options.baseline.baseline == nil && options.baseline.profiles.names.isEmpty else {
            throw ValidationError(
                "The description that --repeat reads says how each voice was known: leave --baseline and --profile out."
            )
        }
    }

    func run() throws {
        let files = try input.paths()
        if options.baseline.baseline == .whole { try InputOptions.checkReadableTwice(files, "--baseline whole") }
        let pace: FileSource.Pace = (self.pace ?? (options.canDraw ? .realtime : .fast)) == .fast ? .fast : .realTime
        var options = options
        let sidecar = try repeated.map { path in
            let sidecar = try Sidecar(path: path)
            try sidecar.apply(to: &options, path)
            return sidecar
        }
        try SessionRunner(
            SessionPlan(
                input: .files(files, pace: pace, raw: input.raw), options: options, log: log.output,
                showsDashboard: options.canDraw, printsRows: options.printsRows(log: log.output), repeated: sidecar)
        ).run()
    }
}
