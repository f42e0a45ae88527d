import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print a configuration file with every setting, its help and its default.",
        discussion: """
            A setting is a flag without its dashes. The file is read from $XDG_CONFIG_HOME/emoscope/config.toml, which is \
            ~/.config/emoscope/config.toml without the variable, or from --config FILE. It is TOML. Flags win over it.
            """)

    func run() throws {
        Console.printText(ConfigurationText(try SettingCatalog()).text)
    }
}
