import ArgumentParser
import EmotionCore

/// The settings of all commands, which are the flags that the argument parser knows.
struct SettingCatalog {
    /// A flag, or an option with a value.
    struct Setting: Equatable {
        /// The long name without its dashes.
        let name: String
        /// All names as they stand on the command line, such as `-q` and `--quiet`.
        let spellings: [String]
        let help: String
        /// The name of the value; nil of a flag.
        let value: String?
        let isRepeatable: Bool
        /// The default as the command line spells it; nil where there is none.
        let standard: String?
        /// The values that are allowed; empty where they are not listed.
        let choices: [String]

        var isFlag: Bool { value == nil }

        /// Whether another command's flag is the same: it has this name and means this.
        func isSame(as other: Setting) -> Bool {
            name == other.name && value == other.value && help == other.help && isRepeatable == other.isRepeatable
        }
    }

    /// A command with at least one setting.
    struct Command {
        /// The words that call it, such as `weights`, `import`.
        let words: [String]
        let settings: [Setting]

        /// The name of its table in the configuration.
        var table: String { words.joined(separator: "-") }
    }

    /// The commands that have sessions. Their settings are the common ones.
    static let sessions = ["watch", "record", "replay"]
    /// Flags that are no settings.
    private static let excluded: Set<String> = ["help", "version", "config"]

    /// All commands that have settings, in the order of the help.
    let commands: [Command]

    /// The settings of sessions, in the order of the help. One with the name of a session's command stands in the tables
    /// alone, since TOML has one value for each name.
    let common: [Setting]

    init() throws {
        try self.init(JSONText.decode(Array(Emoscope._dumpHelp().utf8)))
    }

    private init(_ help: Help) {
        let all = (help.command.subcommands ?? []).flatMap { Self.commands(in: $0, after: []) }
        var common: [Setting] = []
        for command in all where Self.sessions.contains(command.table) {
            common += command.settings.filter { setting in
                !Self.sessions.contains(setting.name) && !common.contains { $0.name == setting.name }
            }
        }
        self.common = common
        // A command named like a common setting has no table.
        commands = all.filter { command in !common.contains { $0.name == command.table } }
    }

    /// The command that the arguments begin with; `watch` where they begin with none, nil for one without settings.
    func command(of arguments: [String]) -> Command? {
        let named = commands.first { $0.words == Array(arguments.prefix($0.words.count)) }
        if let named { return named }
        let words = Emoscope.configuration.subcommands.map(Emoscope.name)
        let isNamed = arguments.first.map { words.contains($0) || $0 == "help" } ?? false
        return isNamed ? nil : commands.first { $0.table == Self.sessions[0] }
    }

    private static func commands(in help: Help.Command, after words: [String]) -> [Command] {
        let words = words + [help.commandName]
        let settings = (help.arguments ?? []).compactMap(setting)
        return (settings.isEmpty ? [] : [Command(words: words, settings: settings)])
            + (help.subcommands ?? []).flatMap { commands(in: $0, after: words) }
    }

    /// The setting of an argument; nil for what is named by its place, or takes two values.
    private static func setting(_ argument: Help.Argument) -> Setting? {
        guard argument.kind != "positional", argument.shouldDisplay, argument.valueName?.contains("> <") != true,
            let name = argument.names?.first(where: { $0.kind == "long" })?.name, !excluded.contains(name)
        else { return nil }
        let spellings = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
        return Setting(
            name: name, spellings: spellings, help: argument.abstract ?? "",
            value: argument.kind == "option" ? argument.valueName ?? "value" : nil, isRepeatable: argument.isRepeating,
            standard: argument.defaultValue, choices: argument.allValues ?? [])
    }
}

/// What `--experimental-dump-help` prints, as far as settings need it.
private struct Help: Decodable {
    struct Command: Decodable {
        let commandName: String
        let arguments: [Argument]?
        let subcommands: [Command]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        let kind: String
        let shouldDisplay: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let defaultValue: String?
        let allValues: [String]?
        let abstract: String?
    }

    let command: Command
}
