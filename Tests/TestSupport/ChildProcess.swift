import EmotionCore
import Foundation

/// A child process by plain `posix_spawn` and `waitpid`: no run loop, no helper threads, and signals as a shell sets
/// them. Its input is `/dev/null`; its output goes to a file or is discarded.
public final class ChildProcess: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public let identifier: pid_t
    private let exit = Locked<Int32?>(nil)

    /// Starts `command`, which is looked up in `PATH`.
    ///
    /// - Parameter output: File for standard output and standard error; nil discards them.
    public init(_ command: [String], environment: [String: String]? = nil, output: URL? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output?.path ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        var arguments = command.map { strdup($0) } + [nil]
        var settings = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + settings { free(text) } }
        var identifier = pid_t()
        let code = posix_spawnp(&identifier, command[0], &actions, &attributes, &arguments, &settings)
        guard code == 0 else {
            throw Failure(description: "cannot run \(command[0]): \(String(cString: strerror(code)))")
        }
        self.identifier = identifier
    }

    deinit {
        kill(SIGKILL)
        waitForExit()
    }

    /// The exit status, or 128 plus the signal that ended it; nil while it runs.
    public var exitStatus: Int32? { reap(WNOHANG) }

    public var isRunning: Bool { exitStatus == nil }

    @discardableResult
    public func waitForExit() -> Int32 {
        while true {
            if let status = exitStatus { return status }
            usleep(2_000)
        }
    }

    /// Sends a signal, unless the process has ended: its process number may be another process's by then.
    public func kill(_ signal: Int32) {
        exit.withLock { if $0 == nil { _ = Glibc.kill(identifier, signal) } }
    }

    private func reap(_ options: Int32) -> Int32? {
        exit.withLock { exit in
            if let exit { return exit }
            var status: Int32 = 0
            guard waitpid(identifier, &status, options) == identifier else { return nil }
            let signal = status & 0x7f
            exit = signal == 0 ? (status >> 8) & 0xff : 128 + signal
            return exit
        }
    }
}
