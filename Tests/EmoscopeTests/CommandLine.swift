import Foundation
import TestSupport
import Testing

/// The repository's root.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The bundled conversation.
let conversation = root.appendingPathComponent("Samples/conversation.flac").path

/// A folder for one test, deleted with the value.
final class Scratch: Sendable {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("emoscope-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
}

/// The outcome of a run of the program.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Runs the program that was built beside the tests, without a terminal.
func emoscope(_ arguments: String..., environment: [String: String]? = nil, in folder: URL? = nil) throws -> Outcome {
    try emoscope(arguments, environment: environment, in: folder)
}

func emoscope(_ arguments: [String], environment: [String: String]? = nil, in folder: URL? = nil) throws -> Outcome {
    let scratch = try Scratch()
    let run = try launch(arguments, scratch: scratch, environment: environment, in: folder)
    let status = run.waitForExit()
    return Outcome(status: status, output: try scratch.text("output"), errors: try scratch.text("errors"))
}

/// Starts the program; its output goes to files of `scratch`.
func launch(
    _ arguments: [String], scratch: Scratch, environment: [String: String]? = nil, in folder: URL? = nil
) throws -> ChildProcess {
    _ = FileManager.default.createFile(atPath: scratch.path("errors"), contents: nil)
    var variables = environment ?? ProcessInfo.processInfo.environment
    // Not the settings of who runs the tests.
    if environment?["XDG_CONFIG_HOME"] == nil { variables["XDG_CONFIG_HOME"] = scratch.path("config") }
    return try ChildProcess(
        [
            "sh", "-c", "cd \"$1\"; errors=$2; shift 2; exec \"$@\" 2>\"$errors\"", "sh", (folder ?? scratch.url).path,
            scratch.path("errors"), try builtProduct("emoscope"),
        ] + arguments, environment: variables, output: scratch.url.appendingPathComponent("output"))
}

/// A session's CSV, by columns.
struct Log {
    let header: [String]
    let rows: [[String: String]]

    init(_ text: String) {
        let lines = text.components(separatedBy: "\r\n").filter { !$0.isEmpty }
            .map { $0.components(separatedBy: ",") }
        let header = lines.first ?? []
        self.header = header
        rows = lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    /// The rows about windows.
    var windows: [[String: String]] { rows.filter { ["ok", "silence", "dropped"].contains($0["status"]) } }

    func column(_ name: String) -> [String] { rows.map { $0[name] ?? "" } }
}

/// Polls `condition`, for a minute at most.
func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
    struct Timeout: Error, CustomStringConvertible {
        let description: String
    }
    let deadline = Date(timeIntervalSinceNow: 60)
    while try !condition() {
        guard Date() < deadline else { throw Timeout(description: "waited in vain until \(what)") }
        usleep(20_000)
    }
}

/// Plays a file of `scratch` in `room` as soon as `program` saves sound, and waits until the program ends with code 0.
func hear(
    _ played: String, in room: AudioRoom, as saved: String, _ program: ChildProcess, _ scratch: Scratch
) throws {
    try waitUntil("the recording has begun") {
        (try? FileManager.default.attributesOfItem(atPath: scratch.path(saved))[.size] as? Int) ?? 0 > 4096
    }
    let player = try room.play(scratch.url.appendingPathComponent(played))
    let status = program.waitForExit()
    let errors = try scratch.text("errors")
    #expect(status == 0, "\(errors)")
    player.kill(SIGTERM)
}
