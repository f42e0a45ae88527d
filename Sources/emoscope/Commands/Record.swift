import ArgumentParser
import EmotionLive

struct Record: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Log the emotion of a voice to a CSV, from a microphone.",
        discussion: "Until Ctrl-C, or for --duration seconds. A row a window, on disk as soon as it is known."
    )

    @Argument(help: ArgumentHelp("The CSV to write.", valueName: "out.csv"))
    var log: String

    @OptionGroup var microphone: MicrophoneOptions

    @Flag(help: "Show the dashboard meanwhile.")
    var watch = false

    @OptionGroup var options: SessionOptions

    func run() throws {
        try SessionRunner(
            SessionPlan(
                input: .microphone(device: microphone.device), options: options, log: log,
                duration: microphone.duration, showsDashboard: watch && options.canDraw,
                printsRows: options.display.json, endsWithLog: true, endsWithDevice: microphone.fatalErrors)
        ).run()
    }
}
