import ArgumentParser
import EmotionServe
import Glibc

/// Whether other programs of this machine are given the rows of a session.
struct ServeOptions: ParsableArguments {
    /// The port of `--serve` alone. It lies outside the range from which Linux gives ports to connections.
    static let defaultPort = 24_700
    /// The environment variable that holds the token; arguments can be seen by every user of the machine.
    static let tokenVariable = "EMOSCOPE_SERVE_TOKEN"

    @Option(
        name: .customLong("serve"), defaultAsFlag: defaultPort, parsing: .next,
        help: ArgumentHelp(
            "Give the rows to programs of this machine: a page for OBS, server-sent events and Prometheus metrics, on this port "
                + "of 127.0.0.1; 0 for any free one. The address is printed. \(tokenVariable) sets its token.",
            valueName: "port"))
    var port: Int?

    /// The token that the environment gives; nil for none.
    static func givenToken() throws -> AccessToken? {
        guard let text = unsafe getenv(tokenVariable).map({ unsafe String(cString: $0) }), !text.isEmpty else {
            return nil
        }
        guard let token = AccessToken(text) else {
            let lengths = AccessToken.lengths
            throw Failure(
                .usage,
                "the token in \(tokenVariable) does not work: it must have \(lengths.lowerBound) to \(lengths.upperBound) "
                    + "letters, digits, - and _")
        }
        return token
    }

    /// The arguments with the default port behind each `--serve` that no port follows, so that a name that follows it stays
    /// the name of a recording.
    static func completed(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments.indices.map { index in
            guard index < end, arguments[index] == "--serve" else { return arguments[index] }
            let following = index + 1 < end ? arguments[index + 1] : ""
            return !following.isEmpty && following.allSatisfy { $0.isASCII && $0.isNumber }
                ? "--serve" : "--serve=\(defaultPort)"
        }
    }

    func validate() throws {
        guard let port, !(0...65_535).contains(port) else { return }
        throw ValidationError(
            "--serve \(port) does not work: choose a port from 1024 to 65535, or 0 for any free one.")
    }
}
