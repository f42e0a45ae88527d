import EmotionCore
import EmotionFiles
import Glibc
import TOMLKit

/// A configuration file: TOML with common settings, and a table for each command.
struct ConfigurationFile {
    /// A value of the file.
    enum Value: Equatable {
        case flag(Bool)
        /// A text or a number, as the command line spells it.
        case text(String)
        case list([String])
    }

    /// A setting as it stands in the file.
    struct Entry: Equatable {
        /// The name of the command's table; nil of a common setting.
        let table: String?
        let name: String
        let value: Value

        /// Where it stands, for messages.
        var place: String { (table.map { "[\($0)] " } ?? "") + name }
    }

    /// The most bytes of a file, many times what all settings with their help take.
    static let limit = 256 << 10
    /// The most bytes of a line. A name with thousands of dots would nest tables deeper than the stack.
    static let lineLimit = 1000

    let path: String
    let entries: [Entry]

    /// The path of the user's own file; nil where there is no home folder.
    static var standardPath: String? {
        UserFolder.path("XDG_CONFIG_HOME", orInHome: ".config").map { $0 + "/config.toml" }
    }

    /// The path of the user's own file where there is one.
    static var existingPath: String? {
        standardPath.flatMap { unsafe access($0.cPath, F_OK) == 0 ? $0 : nil }
    }

    /// Reads a file.
    ///
    /// - Throws: `usage`, with the place and what would work.
    init(_ path: String, _ catalog: SettingCatalog) throws(Failure) {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.bytes(of: path, limit: Self.limit)
        } catch {
            throw Self.refusal(path, error.description)
        }
        try self.init(bytes, path, catalog)
    }

    /// Reads the content of a file.
    ///
    /// - Parameter path: The file's path, for messages.
    /// - Throws: `usage`, with the place and what would work.
    init(_ bytes: [UInt8], _ path: String, _ catalog: SettingCatalog) throws(Failure) {
        self.path = path
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.refusal(path, "it is no text in UTF-8")
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if let long = lines.firstIndex(where: { $0.count > Self.lineLimit }) {
            throw Self.refusal(path, "line \(long + 1) has more than \(Self.lineLimit) bytes")
        }
        let root: TOMLTable
        do {
            root = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            let position = error.source.begin
            throw Failure(
                .usage,
                printable(
                    "cannot read \"\(path)\", line \(position.line), column \(position.column): \(error.description); "
                        + "`emoscope config` prints a file that works"))
        } catch {
            throw Self.refusal(path, "it is no TOML")
        }
        entries = try Self.entries(of: root, path, catalog)
    }

    private static func refusal(_ path: String, _ problem: String) -> Failure {
        Failure(
            .usage,
            printable("cannot read the configuration \"\(path)\": \(problem); `emoscope config` prints one that works"))
    }

    /// The error of a setting.
    static func refusal(_ path: String, _ place: String, _ problem: String) -> Failure {
        Failure(.usage, printable("\"\(path)\": \(place) \(problem)"))
    }

    private static func entries(
        of root: TOMLTable, _ path: String, _ catalog: SettingCatalog
    ) throws(Failure) -> [Entry] {
        var entries: [Entry] = []
        for name in root.keys.sorted() {
            guard let value = root[name] else { continue }
            if let table = value.table {
                guard let command = catalog.commands.first(where: { $0.table == name }) else {
                    throw refusal(
                        path, "[\(name)]", "is no command with settings" + advice(name, catalog.commands.map(\.table)))
                }
                for key in table.keys.sorted() {
                    guard let value = table[key] else { continue }
                    entries.append(try entry(name, key, value, command.settings, path, catalog))
                }
            } else {
                entries.append(try entry(nil, name, value, catalog.common, path, catalog))
            }
        }
        return entries
    }

    private static func entry(
        _ table: String?, _ name: String, _ value: any TOMLValueConvertible, _ known: [SettingCatalog.Setting],
        _ path: String, _ catalog: SettingCatalog
    ) throws(Failure) -> Entry {
        let place = (table.map { "[\($0)] " } ?? "") + name
        guard let setting = known.first(where: { $0.name == name }) else {
            throw refusal(path, place, "is no setting" + advice(name, known, in: table, catalog))
        }
        let entry = Entry(table: table, name: name, value: try read(value.tomlValue, of: setting, path, place))
        try check(entry, setting, path)
        return entry
    }

    /// What stands instead of an unknown name: the setting of a table, or the nearest known.
    private static func advice(
        _ name: String, _ known: [SettingCatalog.Setting], in table: String?, _ catalog: SettingCatalog
    ) -> String {
        let owners = catalog.commands.filter { command in command.settings.contains { $0.name == name } }
        guard owners.isEmpty else {
            return " here: write it under " + owners.map { "[\($0.table)]" }.joined(separator: " or ")
        }
        return advice(name, known.map(\.name))
    }

    private static func advice(_ name: String, _ known: [String]) -> String {
        nearest(to: name.replacing("_", with: "-"), among: known).map { ": did you mean \($0)?" }
            ?? "; `emoscope config` lists them"
    }

    /// Converts a value of TOML to what the command line takes.
    private static func read(
        _ value: TOMLValue, of setting: SettingCatalog.Setting, _ path: String, _ place: String
    ) throws(Failure) -> Value {
        if let list = value.array {
            guard setting.isRepeatable else { throw refusal(path, place, "takes one value, not a list") }
            let texts = list.map { text(of: $0.tomlValue) }
            guard !texts.contains(nil) else { throw refusal(path, place, "takes a list of texts or numbers") }
            return .list(texts.compactMap(\.self))
        }
        if setting.isFlag {
            guard let flag = value.bool else { throw refusal(path, place, "is either true or false") }
            return .flag(flag)
        }
        guard let text = text(of: value) else {
            throw refusal(path, place, "takes a text or a number (\(setting.value ?? "value")), not a \(value.type)")
        }
        return .text(text)
    }

    /// A text or a number as the command line spells it; nil for another value.
    private static func text(of value: TOMLValue) -> String? {
        switch value.type {
        case .string: value.string
        case .int: value.int.map(String.init)
        case .double: value.double.map { String($0) }
        default: nil
        }
    }

    /// Checks a value against those that are allowed.
    private static func check(_ entry: Entry, _ setting: SettingCatalog.Setting, _ path: String) throws(Failure) {
        let texts: [String] =
            switch entry.value {
            case .flag: []
            case .text(let text): [text]
            case .list(let texts): texts
            }
        guard let wrong = texts.first(where: { !setting.choices.isEmpty && !setting.choices.contains($0) }) else {
            return
        }
        throw refusal(
            path, entry.place,
            "cannot be \"\(wrong)\": choose \(setting.choices.joined(separator: ", "))")
    }
}
