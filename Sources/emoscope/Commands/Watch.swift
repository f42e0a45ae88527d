import ArgumentParser
import EmotionLive

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the emotion of a voice from a microphone, live.",
        discussion: """
            Press ? on the dashboard for its keys. --output, or the key R, also writes rows to a CSV. With --json, or
            without a terminal and without --output, rows are printed as JSON Lines.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A pipe to hear instead of a microphone: - for standard input, as in: arecord … | emoscope watch -",
            valueName: "stream"), completion: .file())
    var stream: String?

    @OptionGroup var microphone: MicrophoneOptions
    @OptionGroup var log: OptionalLog
    @OptionGroup var options: SessionOptions

    func validate() throws {
        try options.baseline.checkMicrophone()
    }

    func run() throws {
        try SessionRunner(
            SessionPlan(
                input: try microphone.input(stream), options: options, log: log.output,
                duration: microphone.duration, showsDashboard: options.canDraw,
                printsRows: options.printsRows(log: log.output), endsWithDevice: microphone.fatalErrors)
        ).run()
    }
}
