import Foundation

/// A real terminal for tests: a tmux server of its own with one detached window, in which a shell runs. It works where
/// there is no terminal at all. Every wait has a deadline, after which the error holds the screen.
public final class Terminal {
    /// An error with the screen at its time.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private let socket = "emoscope-\(getpid())-\(UUID().uuidString.prefix(8))"
    private let directory: URL

    /// Opens a window of this size and waits for the shell's prompt (`$ `).
    /// - Parameters:
    ///   - type: `TERM` inside it.
    ///   - environment: Added to the shell's; the locale is `C.UTF-8` unless it says otherwise.
    public init(
        columns: Int, rows: Int, type: String = "tmux-256color", environment: [String: String] = [:]
    ) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(socket)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var variables = ["LC_ALL": "C.UTF-8", "PS1": "$ ", "COLORTERM": "", "NO_COLOR": "", "HISTFILE": ""]
        // Swift's backtracer would ask for a key if it found itself on a terminal.
        variables["SWIFT_BACKTRACE"] = "enable=no"
        // Neither the settings nor the last theme of who runs the tests.
        variables["XDG_CONFIG_HOME"] = directory.path
        variables["XDG_STATE_HOME"] = directory.path
        variables.merge(environment) { $1 }
        var arguments = ["new-session", "-d", "-x", String(columns), "-y", String(rows)]
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) { arguments += ["-e", "\(name)=\(value)"] }
        arguments += ["env", "TERM=\(type)", "bash", "--norc", "--noprofile", "-i"]
        arguments += [";", "set", "-g", "status", "off", ";", "set", "-g", "remain-on-exit", "on"]
        arguments += [";", "resize-window", "-x", String(columns), "-y", String(rows)]
        try tmux(arguments)
        try wait(for: "the shell's prompt") { $0.hasPrefix("$") }
    }

    deinit { close() }

    /// Ends the server and every process in it.
    public func close() {
        _ = try? tmux(["kill-server"])
        try? FileManager.default.removeItem(at: directory)
    }

    /// Types a line and Enter.
    public func type(_ line: String) throws {
        try tmux(["send-keys", "-l", line])
        try send("Enter")
    }

    /// Presses keys by tmux's names: `q`, `Space`, `Left`, `F10`, `C-c`, `Escape`.
    public func send(_ keys: String...) throws {
        try tmux(["send-keys"] + keys)
    }

    /// The text of the screen, a line for each row.
    public func text() throws -> String { try tmux(["capture-pane", "-p"]) }

    /// The text of the screen with its colours, as SGR sequences.
    public func styledText() throws -> String { try tmux(["capture-pane", "-e", "-p"]) }

    /// Resizes the window.
    public func resize(columns: Int, rows: Int) throws {
        try tmux(["resize-window", "-x", String(columns), "-y", String(rows)])
    }

    /// Whether the alternate screen, that of full-screen programs, is on.
    public var isAlternate: Bool { get throws { try format("#{alternate_on}") == "1" } }

    /// Whether the cursor shows.
    public var showsCursor: Bool { get throws { try format("#{cursor_flag}") == "1" } }

    /// The value of one of tmux's format variables for the window.
    public func format(_ text: String) throws -> String {
        try tmux(["display-message", "-p", text]).trimmingCharacters(in: .newlines)
    }

    /// Waits until the screen's text passes the test.
    /// - Returns: that text.
    @discardableResult
    public func wait(
        for what: String, seconds: Double = 10, until isThere: (String) throws -> Bool
    ) throws -> String {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while true {
            let text = try text()
            if try isThere(text) { return text }
            guard Date() < deadline else {
                throw Failure(description: "no \(what) within \(seconds) s; the screen shows:\n\(text)")
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    /// Runs tmux and returns what it prints. Through `posix_spawn` and a file: the server, which the first call leaves
    /// behind, keeps its streams open, so that a pipe never ends and `Process` never sees the exit.
    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        let output = directory.appendingPathComponent("output-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        var variables = ProcessInfo.processInfo.environment
        variables["TMUX"] = nil
        variables["TMUX_TMPDIR"] = directory.path
        variables["LC_ALL"] = "C.UTF-8"
        let process = try ChildProcess(
            ["tmux", "-u", "-L", socket, "-f", "/dev/null"] + arguments, environment: variables, output: output)
        let status = process.waitForExit()
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        guard status == 0 else { throw Failure(description: "tmux \(arguments.first ?? "") failed: \(text)") }
        return text
    }
}

/// An executable of this package, beside the tests' own.
public func builtProduct(_ name: String) throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let product = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name)
    guard FileManager.default.isExecutableFile(atPath: product.path) else {
        throw Terminal.Failure(description: "there is no \(product.path): build the whole package first")
    }
    return product.path
}
