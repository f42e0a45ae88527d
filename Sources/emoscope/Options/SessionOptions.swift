import ArgumentParser

/// The options of every session, of a microphone or of files.
struct SessionOptions: ParsableArguments {
    @OptionGroup var listening: ListeningOptions
    @OptionGroup var speakers: SpeakerOptions
    @OptionGroup var unsure: UnsureOptions
    @OptionGroup var baseline: BaselineOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var saving: SavingOptions
    @OptionGroup var serving: ServeOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var settings: ConfigurationOption

    /// Whether the dashboard can be shown: standard output is a terminal, and `--json` is not given.
    var canDraw: Bool { Console.outputIsTerminal && !display.json }

    /// Whether rows are printed as JSON Lines: with `--json`, or where they would be written nowhere, because standard
    /// output is no terminal and there is no log.
    func printsRows(log: String?) -> Bool { display.json || log == nil && !Console.outputIsTerminal }

    func validate() throws {
        if listening.splitChannels {
            guard !speakers.count.areSeveral else {
                throw ValidationError(
                    "--split-channels and --speakers \(speakers.count.word) do not go together: --split-channels is for two "
                        + "speakers with a microphone each, --speakers for voices that share one. Give one of them.")
            }
            try baseline.profiles.checkChannels()
        } else {
            try baseline.profiles.check(speakers.count)
        }
        guard !speakers.count.areSeveral || baseline.baseline != .whole else {
            throw ValidationError(
                "--baseline whole is of all that is heard, and --speakers \(speakers.count.word) gives each speaker a baseline "
                    + "of his own: choose --baseline auto, or profiles.")
        }
    }
}

/// The log of a session, if it has one.
struct OptionalLog: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write a row for each window to this CSV; - is standard output.", valueName: "file.csv"),
        completion: .file())
    var output: String?
}
