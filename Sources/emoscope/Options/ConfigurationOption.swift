import ArgumentParser

/// The configuration of a command. The file is read before the command is made, so that its settings are flags like others.
struct ConfigurationOption: ParsableArguments {
    /// The option as it stands on the command line.
    static let flag = "--config"

    @Option(
        help: ArgumentHelp(
            "Read settings from this file instead of ~/.config/emoscope/config.toml; \"emoscope config\" prints one.",
            valueName: "file.toml"), completion: .file())
    var config: String?
}
