import EmotionCore

/// A configuration file in which every setting stands with its help and its default, each behind a `#`.
struct ConfigurationText {
    /// The columns of a line of help.
    private static let width = 100

    let catalog: SettingCatalog
    private var lines: [String] = []

    init(_ catalog: SettingCatalog) {
        self.catalog = catalog
        let place = ConfigurationFile.standardPath ?? "~/.config/emoscope/config.toml"
        explain("Settings of emoscope, with their defaults. Remove the # before a line, and change what follows it.")
        explain("emoscope reads this file at \(place), or the file that --config names.")
        explain(
            "A flag on the command line wins over this file. What stands before the first [table] is for watch, record and "
                + "replay, and for each other command whose flag is the same. What stands in a table is for its command "
                + "alone, and wins over what stands before.")
        for setting in catalog.common { write(setting) }
        for command in catalog.commands {
            let own = command.settings.filter { setting in !catalog.common.contains { $0.isSame(as: setting) } }
            guard !own.isEmpty || SettingCatalog.sessions.contains(command.table) else { continue }
            lines += ["", "[\(command.table)]"]
            explain(
                "Settings of \"emoscope \(command.words.joined(separator: " "))\""
                    + (own.count < command.settings.count
                        ? "; those before the first [table] can stand here too." : "."))
            for setting in own { write(setting) }
        }
    }

    /// The text with a line end.
    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Adds a setting: its help, and its default.
    private mutating func write(_ setting: SettingCatalog.Setting) {
        lines.append("")
        explain(setting.help)
        if !setting.choices.isEmpty { explain("One of: \(setting.choices.joined(separator: ", ")).") }
        lines.append("#\(setting.name) = \(value(setting))")
    }

    /// The default as TOML; where there is none, the name of the value.
    private func value(_ setting: SettingCatalog.Setting) -> String {
        guard let name = setting.value else { return setting.standard == "--" + setting.name ? "true" : "false" }
        let text = setting.standard ?? setting.choices.first ?? name
        let value = Double(text) == nil ? "\"\(text)\"" : text
        return setting.isRepeatable ? "[\(value)]" : value
    }

    /// Adds a comment, broken at its blanks.
    private mutating func explain(_ text: String) {
        var line = "#"
        for word in text.split(separator: " ") {
            if line.count > 1, line.count + 1 + word.count > Self.width {
                lines.append(line)
                line = "#"
            }
            line += " " + word
        }
        lines.append(line)
    }
}
