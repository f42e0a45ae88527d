import ArgumentParser

/// What every session has, whatever it listens to.
struct SessionOptions: ParsableArguments {
    @OptionGroup var listening: ListeningOptions
    @OptionGroup var unsure: UnsureOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var saving: SavingOptions
    @OptionGroup var display: DisplayOptions

    /// Whether the dashboard can be shown: on a terminal, unless rows are asked for.
    var canDraw: Bool { Console.outputIsTerminal && !display.json }
}

/// The log of a session that may do without one.
struct OptionalLog: ParsableArguments {
    @Option(name: [.short, .long], help: ArgumentHelp("Log every window to this CSV.", valueName: "file.csv"))
    var output: String?
}
