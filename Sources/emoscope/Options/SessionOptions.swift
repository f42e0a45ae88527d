import ArgumentParser

/// The options of every session, of a microphone or of files.
struct SessionOptions: ParsableArguments {
    @OptionGroup var listening: ListeningOptions
    @OptionGroup var unsure: UnsureOptions
    @OptionGroup var baseline: BaselineOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var saving: SavingOptions
    @OptionGroup var display: DisplayOptions

    /// Whether the dashboard can be shown: standard output is a terminal, and `--json` is not given.
    var canDraw: Bool { Console.outputIsTerminal && !display.json }
}

/// The log of a session, if it has one.
struct OptionalLog: ParsableArguments {
    @Option(
        name: [.short, .long], help: ArgumentHelp("Write a row for each window to this CSV.", valueName: "file.csv"))
    var output: String?
}
