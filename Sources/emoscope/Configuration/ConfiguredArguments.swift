import ArgumentParser
import EmotionCore

/// The arguments of a command line together with the settings of a configuration, which stand before them.
struct ConfiguredArguments {
    /// Settings of which a command takes one. Where the command line has one of a group, those of the file give way.
    private static let rivals: [Set<String>] = [
        ["realtime", "fast"], ["products", "no-products"], ["force", "append"], ["baseline", "profile"],
        ["speakers", "split-channels"], ["device", "from"], ["segments", "windows"],
    ]
    /// Settings that count only beside one of these words, by command.
    private static let needs = [
        "predict": ["device": ["--microphone"], "seconds": ["--microphone"], "csv-dialect": ["--csv"]],
        "export": ["csv-dialect": ["segments", "--to=segments"]],
    ]

    let file: ConfigurationFile
    private let command: SettingCatalog.Command
    private let arguments: [String]
    /// The entries that count, with the arguments that they stand for.
    private let settings: [(entry: ConfigurationFile.Entry, arguments: [String])]

    /// Reads the configuration that the arguments ask for, or the user's own.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - parsed: The command as it is without a configuration; nil where it does not work without one.
    /// - Returns: nil where there is no configuration, or it says nothing about the command.
    init?(_ arguments: [String], parsed: (any ParsableCommand)?) throws {
        let given = Self.flags(in: arguments)
        // Help needs no configuration.
        guard given.isDisjoint(with: ["--help", "-h", "--version"]) else { return nil }
        guard let path = Self.path(in: arguments) ?? ConfigurationFile.existingPath else { return nil }
        let catalog = try SettingCatalog()
        guard let command = catalog.command(of: arguments) else { return nil }
        self.command = command
        file = try ConfigurationFile(path, catalog)
        self.arguments = arguments
        let hearsStream = (parsed as? Watch)?.stream != nil || (parsed as? Record)?.stream != nil
        let counting = Self.counting(file.entries, for: command, catalog)
        let words = given.union(arguments).union(counting.flatMap { Self.arguments(of: $0.value, $1, in: command) })
        settings = counting.filter { entry, _ in
            if hearsStream, entry.name == "device" { return false }
            if let need = Self.needs[command.table]?[entry.name], words.isDisjoint(with: need) { return false }
            let same = Self.rivals.filter { $0.contains(entry.name) }.reduce(Set([entry.name])) { $0.union($1) }
            return given.isDisjoint(with: command.settings.filter { same.contains($0.name) }.flatMap(\.spellings))
        }.map { ($0, Self.arguments(of: $0.value, $1, in: command)) }
        if settings.isEmpty { return nil }
    }

    /// All arguments.
    var all: [String] { with(settings.flatMap(\.arguments)) }

    private func with(_ more: [String]) -> [String] {
        let words = command.words == Array(arguments.prefix(command.words.count)) ? command.words.count : 0
        return arguments.prefix(words) + more + arguments.dropFirst(words)
    }

    /// The error of settings that do not work: of the first that does not work alone, else of all of them together.
    func failure(_ error: any Error) -> Failure {
        for setting in settings {
            do {
                _ = try Emoscope.parseAsRoot(with(setting.arguments))
            } catch {
                return ConfigurationFile.refusal(
                    file.path, setting.entry.place, "does not work: \(Emoscope.message(for: error))")
            }
        }
        let names = settings.map(\.entry.place).joined(separator: ", ")
        return ConfigurationFile.refusal(
            file.path, "(\(names))", "does not work here: \(Emoscope.message(for: error))")
    }

    /// The path that the arguments name with `--config`; nil for none.
    private static func path(in arguments: [String]) -> String? {
        let flag = ConfigurationOption.flag
        var path: String?
        let flags = Array(arguments.prefix { $0 != "--" })
        for (index, argument) in flags.enumerated() {
            if argument == flag, index + 1 < flags.count { path = flags[index + 1] }
            if argument.hasPrefix(flag + "=") { path = String(argument.dropFirst(flag.count + 1)) }
        }
        return path
    }

    /// The names of the flags of a command line; joined short ones, as `-qU`, count one by one.
    private static func flags(in arguments: [String]) -> Set<String> {
        var flags: Set<String> = []
        for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("-") && argument != "-" {
            let name = String(argument.prefix { $0 != "=" })
            flags.insert(name)
            if !name.hasPrefix("--") { flags.formUnion(name.dropFirst().map { "-\($0)" }) }
        }
        return flags
    }

    /// The entries that count for a command: those of its table, and the common ones that are its flags too.
    private static func counting(
        _ entries: [ConfigurationFile.Entry], for command: SettingCatalog.Command, _ catalog: SettingCatalog
    ) -> [(ConfigurationFile.Entry, SettingCatalog.Setting)] {
        let own = entries.filter { $0.table == command.table }
        let shared = entries.filter { entry in entry.table == nil && !own.contains { $0.name == entry.name } }
        return (own + shared).compactMap { entry in
            guard let setting = command.settings.first(where: { $0.name == entry.name }) else { return nil }
            let isMeant =
                entry.table != nil || catalog.common.contains { $0.name == entry.name && $0.isSame(as: setting) }
            return isMeant ? (entry, setting) : nil
        }
    }

    /// The arguments that a value stands for. A flag that is false is none, or its opposite where there is one.
    private static func arguments(
        of value: ConfigurationFile.Value, _ setting: SettingCatalog.Setting, in command: SettingCatalog.Command
    ) -> [String] {
        switch value {
        case .flag(true): return ["--" + setting.name]
        case .flag(false):
            let opposite = setting.name.hasPrefix("no-") ? String(setting.name.dropFirst(3)) : "no-" + setting.name
            return command.settings.contains { $0.isFlag && $0.name == opposite } ? ["--" + opposite] : []
        case .text(let text): return ["--\(setting.name)=\(text)"]
        case .list(let texts): return texts.map { "--\(setting.name)=\($0)" }
        }
    }
}
