import Foundation
import TestSupport
import Testing

@testable import emoscope

/// The configuration file: what it sets, what wins over it, and what is said about one that does not work.
@Suite(.timeLimit(.minutes(3))) struct ConfigurationTests {
    /// A description of the session, as far as its settings count here.
    private struct Settings: Decodable {
        struct Values: Decodable {
            let hop_seconds: Double
            let smoothing_seconds: Double
        }
        let settings: Values
    }

    /// A home folder with a configuration.
    private struct Home {
        let scratch: Scratch
        var environment: [String: String] {
            ProcessInfo.processInfo.environment.merging(["XDG_CONFIG_HOME": scratch.path("config")]) { $1 }
        }

        init(_ text: String? = nil) throws {
            scratch = try Scratch()
            try FileManager.default.createDirectory(
                atPath: scratch.path("config/emoscope"), withIntermediateDirectories: true)
            try text?.write(toFile: path, atomically: true, encoding: .utf8)
        }

        var path: String { scratch.path("config/emoscope/config.toml") }

        func emoscope(_ arguments: String...) throws -> Outcome {
            try EmoscopeTests.emoscope(arguments, environment: environment, in: scratch.url)
        }

        /// The settings of a session that is replayed.
        func settings(_ flags: String...) throws -> Settings.Values {
            try writeWAV(
                channels: [[Float]](repeating: .init(repeating: 0, count: 64_000), count: 2),
                to: scratch.path("talk.wav"))
            let run = try EmoscopeTests.emoscope(
                ["replay", "--fast", "-q", "--force", "-o", "talk.csv", "talk.wav"] + flags, environment: environment,
                in: scratch.url)
            #expect(run.status == 0, "\(run.errors)")
            return try JSONDecoder().decode(Settings.self, from: Data(scratch.text("talk.json").utf8)).settings
        }
    }

    @Test func settingsAreThoseOfTheFileAndFlagsWin() throws {
        let home = try Home("hop = 1\nsmooth = 2.5\n[replay]\nsmooth = 3\nrealtime = true\n[watch]\nhop = 2\n")
        let settings = try home.settings()
        #expect(settings.hop_seconds == 1 && settings.smoothing_seconds == 3)
        let flags = try home.settings("--hop", "0.25", "--smooth=0")
        #expect(flags.hop_seconds == 0.25 && flags.smoothing_seconds == 0)
        let other = home.scratch.path("other.toml")
        try "hop = 0.75".write(toFile: other, atomically: true, encoding: .utf8)
        #expect(try home.settings("--config", other).hop_seconds == 0.75)
        #expect(try home.settings("--config=\(other)").smoothing_seconds == 0.5)
    }

    @Test func everyFlagIsASettingAndThePrintedFileHasThemAll() throws {
        let printed = try emoscope("config")
        #expect(printed.status == 0 && printed.errors.isEmpty)
        let catalog = try SettingCatalog()
        #expect(catalog.common.count > 25 && catalog.commands.count > 10)
        #expect(try ConfigurationFile(Array(printed.output.utf8), "printed", catalog).entries.isEmpty)

        // A default behind its # works; one that only shows the kind of its value is refused by its command alone.
        let all = printed.output.split(separator: "\n").map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
        }.joined(separator: "\n")
        let entries = try ConfigurationFile(Array(all.utf8), "printed", catalog).entries
        for command in catalog.commands {
            for setting in command.settings {
                let isThere = entries.contains {
                    $0.name == setting.name && ($0.table == command.table || $0.table == nil)
                }
                #expect(isThere, "\(command.table) \(setting.name)")
            }
        }
        #expect(entries.first { $0.name == "hop" }?.value == .text("0.5"))
        #expect(entries.first { $0.name == "quiet" }?.value == .flag(false))
        #expect(printed.output.contains("# Time from one window of 3 s to the next."))
    }

    /// All defaults that are values, written out, change nothing.
    @Test func theDefaultsWrittenOutWork() throws {
        let catalog = try SettingCatalog()
        var lines: [String] = []
        for setting in catalog.common where setting.standard != nil && setting.name != "serve" {
            let text = setting.standard ?? ""
            lines.append("\(setting.name) = " + (Double(text) == nil ? "\"\(text)\"" : text))
        }
        for setting in catalog.common where setting.isFlag { lines.append("\(setting.name) = false") }
        #expect(lines.count > 14)
        let home = try Home(lines.joined(separator: "\n"))
        #expect(try home.settings().hop_seconds == 0.5)
        for command in [["predict"], ["embed", "-o", "talk.npy"]] {
            let run = try EmoscopeTests.emoscope(
                command + ["talk.wav"], environment: home.environment, in: home.scratch.url)
            #expect(run.status == 0, "\(command): \(run.errors)")
        }
        #expect(try home.emoscope("bench", "--runs", "1", "--no-products").status == 0)
    }

    /// A setting gives way to a flag that stands for something else in the same place.
    @Test func aFlagWinsOverASettingThatContradictsIt() throws {
        let home = try Home(
            "csv-dialect = \"excel-eu\"\ndevice = \"nowhere\"\nspeakers = 2\nbaseline = \"auto\"\nappend = true\n[replay]\nrealtime = true\n[bench]\nproducts = false\n"
        )
        _ = try home.settings("--split-channels", "--baseline", "none")
        try writeWAV([Float](repeating: 0, count: 64_000), to: home.scratch.path("noise.wav"))
        let stream = try home.emoscope("watch", "-")
        #expect(!stream.errors.contains("--device"), "\(stream.errors)")
        let take = try home.emoscope("predict", "noise.wav")
        #expect(take.status == 0, "\(take.errors)")
        let microphone = try home.emoscope("doctor")
        #expect(microphone.output.contains("nowhere"), "\(microphone.output)")
    }

    @Test(arguments: [
        ("hopp = 1", ["hopp", "did you mean hop?"]),
        ("vad_threshold = 1", ["vad_threshold", "did you mean vad-threshold?"]),
        ("zzzzzz = 1", ["zzzzzz", "emoscope config"]),
        ("quiet = true\n[wach]\nhop = 1", ["[wach]", "did you mean watch?"]),
        ("runs = 3", ["runs", "under [bench]"]),
        ("watch = true", ["watch", "under [record]"]),
        ("[watch]\nthem = \"light\"", ["[watch] them", "did you mean theme?"]),
        ("theme = \"drak\"", ["theme", "drak", "dark, light, safe"]),
        ("quiet = \"yes\"", ["quiet", "true or false"]),
        ("hop = true", ["hop", "a text or a number"]),
        ("hop = [1, 2]", ["hop", "one value, not a list"]),
        ("hop = 1979-05-27", ["hop", "not a date"]),
        ("profile = [[1]]", ["profile", "list of texts"]),
        ("hop = \"fast\"", ["hop", "fast", "does not work"]),
        ("hop = 7", ["hop", "choose 0.05 to 3"]),
        ("hop = ", ["line 1", "column"]),
        ("hop = 1\nhop = 2", ["line 2"]),
    ])
    func whatIsWrongIsNamed(_ text: String, _ words: [String]) throws {
        let home = try Home(text)
        let run = try home.emoscope("replay", "--fast", "talk.wav")
        #expect(run.status == 2, "\(text): \(run.errors)")
        for word in words + ["config.toml"] { #expect(run.errors.contains(word), "\(text): \(run.errors)") }
        #expect(try home.emoscope("replay", "--help").status == 0, "help needs no configuration")
        #expect(try home.emoscope("config").status == 0)
    }

    /// Files that are none: an error at once, and never a crash.
    @Test func aHostileFileIsRefused() throws {
        let scratch = try Scratch()
        var files = ["/dev/zero", "/dev/full", scratch.url.path, scratch.path("absent.toml")]
        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: scratch.url.appendingPathComponent(name))
            files.append(scratch.path(name))
        }
        mkfifo(scratch.path("pipe"), 0o600)
        files.append(scratch.path("pipe"))
        var random = SystemRandomNumberGenerator()
        try write("noise", (0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) })
        try write("zeros", [UInt8](repeating: 0, count: 5000))
        try write("huge", [UInt8](repeating: 10, count: 4 << 20))
        try write("deep", Array(("hop = " + String(repeating: "[", count: 900)).utf8))
        try write("dots", Array((String(repeating: "a.", count: 100_000) + "a = 1").utf8))
        try write(
            "tables",
            Array(
                ("[" + String(repeating: "a.", count: 400) + "a]\n"
                    + String(repeating: "b.", count: 400) + "b = 1").utf8))
        try write("inline", Array(("hop = " + String(repeating: "{a=", count: 300)).utf8))
        try write("latin", [0x68, 0x6f, 0x70, 0x20, 0x3d, 0x20, 0x22, 0xe9, 0x22, 0x0a])
        try write("control", Array("\"\\u001b[2J\" = 1".utf8))
        for file in files {
            let run = try emoscope("bench", "--config", file)
            #expect(
                run.status == 2 && run.errors.contains(file) && !run.errors.contains("\u{1B}"), "\(file): \(run.errors)"
            )
        }
    }

    /// The dashboard begins with the theme and the view that it was left with, unless a flag or the file says otherwise.
    @Test func theLastThemeAndViewAreRemembered() throws {
        let home = try Home()
        let state = home.scratch.path("state/emoscope/dashboard.json")
        let program = try builtProduct("emoscope")
        let environment = home.environment.merging(["XDG_STATE_HOME": home.scratch.path("state")]) { $1 }
        func dashboard(_ flags: String, _ keys: [String], shows word: String) throws {
            let terminal = try Terminal(
                columns: 100, rows: 30,
                environment: [
                    "XDG_STATE_HOME": home.scratch.path("state"), "XDG_CONFIG_HOME": home.scratch.path("config"),
                ])
            try terminal.type("\(program) replay -q \(flags) \(conversation)")
            try terminal.wait(for: word, seconds: 30) { $0.contains(word) }
            for key in keys { try terminal.send(key) }
            try terminal.send("q")
            try terminal.wait(for: "the shell", seconds: 20) {
                $0.trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix("$")
            }
        }
        let kept = { (try? String(contentsOfFile: state, encoding: .utf8)) ?? "" }

        let fast = try emoscope(
            ["replay", "--fast", "-q", "--theme", "light", "--view", "big", "-o", "a.csv", conversation],
            environment: environment, in: home.scratch.url)
        #expect(fast.status == 0 && kept().isEmpty, "nothing is kept without a dashboard: \(fast.errors)")
        try dashboard("", [], shows: "trajectory")
        #expect(kept().isEmpty, "nothing has changed")
        try dashboard("", ["t", "2"], shows: "trajectory")
        #expect(kept().contains("\"light\"") && kept().contains("\"conversation\""), "\(kept())")
        try dashboard("", [], shows: "conversation")
        try dashboard("--view live", [], shows: "trajectory")
        try "view = \"live\"".write(toFile: home.path, atomically: true, encoding: .utf8)
        try dashboard("", [], shows: "trajectory")
        #expect(kept().contains("\"conversation\""))
        try FileManager.default.removeItem(atPath: home.path)
        for broken in ["{", "[]", "{\"view\": 3}", "{\"view\": \"none\", \"theme\": \"x\"}"] {
            try broken.write(toFile: state, atomically: true, encoding: .utf8)
            try dashboard("", [], shows: "trajectory")
        }
    }
}
