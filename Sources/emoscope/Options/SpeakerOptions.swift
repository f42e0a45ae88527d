import ArgumentParser
import EmotionStream

extension SpeakerCount: ExpressibleByArgument {
    public init?(argument: String) { self.init(word: argument) }

    public var defaultValueDescription: String { word }
}

/// The speakers of a session.
struct SpeakerOptions: ParsableArguments {
    @Option(
        name: .customLong("speakers"),
        help: ArgumentHelp(
            "How many voices share the microphone: 1, 2, … \(SpeakerCount.range.upperBound), or auto, which finds up to "
                + "\(SpeakerCount.mostFound). Each gets rows, a lane and a baseline of his own.",
            valueName: "1…\(SpeakerCount.range.upperBound)|auto"))
    var count = SpeakerCount.exactly(1)
}
