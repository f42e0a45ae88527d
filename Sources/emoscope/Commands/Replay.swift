import ArgumentParser
import EmotionCapture
import EmotionLive

struct Replay: ParsableCommand {
    /// How a recording passes.
    enum Pace: String, EnumerableFlag {
        case realtime, fast

        static func help(for value: Pace) -> ArgumentHelp? {
            switch value {
            case .realtime: "As fast as it was spoken (the default on a terminal)."
            case .fast: "As fast as this machine goes (the default elsewhere)."
            }
        }
    }

    static let configuration = CommandConfiguration(
        abstract: "Play recordings through the same pipeline as a microphone.",
        discussion: "Several files follow one another on one time line. WAV, FLAC, Ogg, Opus and MP3 work."
    )

    @Argument(help: "Recordings.")
    var files: [String]

    @Flag(exclusivity: .exclusive)
    var pace: Pace?

    @OptionGroup var log: OptionalLog
    @OptionGroup var options: SessionOptions

    func run() throws {
        let pace: FileSource.Pace = (self.pace ?? (options.canDraw ? .realtime : .fast)) == .fast ? .fast : .realTime
        try SessionRunner(
            SessionPlan(
                input: .files(files, pace: pace), options: options, log: log.output, showsDashboard: options.canDraw,
                printsRows: !options.canDraw)
        ).run()
    }
}
