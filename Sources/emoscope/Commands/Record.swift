import ArgumentParser
import EmotionLive

struct Record: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the emotion of a voice from a microphone to a CSV.",
        discussion:
            "Records until Ctrl-C, or for --duration seconds. Each window is a row, which is written as soon as it is computed."
    )

    @Argument(
        help: ArgumentHelp("The CSV file to write; - is standard output.", valueName: "out.csv"), completion: .file())
    var log: String

    @Argument(
        help: ArgumentHelp(
            "A pipe to hear instead of a microphone: - for standard input, as in: arecord … | emoscope record talk.csv -",
            valueName: "stream"), completion: .file())
    var stream: String?

    @OptionGroup var microphone: MicrophoneOptions

    @Flag(help: "Show the dashboard.")
    var watch = false

    @OptionGroup var options: SessionOptions

    func validate() throws {
        try options.baseline.checkMicrophone()
    }

    func run() throws {
        try SessionRunner(
            SessionPlan(
                input: try microphone.input(stream), options: options, log: log,
                duration: microphone.duration, showsDashboard: watch && options.canDraw,
                printsRows: options.printsRows(log: log), endsWithLog: true, endsWithDevice: microphone.fatalErrors)
        ).run()
    }
}
