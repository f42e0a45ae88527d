import ArgumentParser
import EmotionLive

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the emotion of a voice live, from a microphone.",
        discussion: """
            Press ? on the dashboard for its keys. Rows are also logged with --output, or from the key R on.
            Without a terminal, or with --json, rows go to standard output as JSON Lines.
            """
    )

    @OptionGroup var microphone: MicrophoneOptions
    @OptionGroup var log: OptionalLog
    @OptionGroup var options: SessionOptions

    func run() throws {
        try SessionRunner(
            SessionPlan(
                input: .microphone(device: microphone.device), options: options, log: log.output,
                duration: microphone.duration, showsDashboard: options.canDraw, printsRows: !options.canDraw,
                endsWithDevice: microphone.fatalErrors)
        ).run()
    }
}
