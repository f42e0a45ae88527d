import EmotionCore
import FlyingSocks
import Glibc

/// A server that cannot be started: what is wrong with the port, and what would work.
package struct ServeError: Error, CustomStringConvertible {
    package let description: String

    init(port: Int, _ error: any Error) {
        guard case .failed(_, let code, let message) = error as? SocketError else {
            description = "cannot serve on port \(port): \(printable(String(describing: error)))"
            return
        }
        description =
            switch code {
            case EADDRINUSE:
                "cannot serve on port \(port): another program uses it, perhaps another session; choose another port, as in "
                    + "--serve \(port + (port < 65_535 ? 1 : -1)), or --serve 0 for any free one"
            case EACCES, EPERM:
                "cannot serve on port \(port): ports below 1024 are for the system; choose one from 1024 to 65535"
            default: "cannot serve on port \(port): \(message)"
            }
    }
}
