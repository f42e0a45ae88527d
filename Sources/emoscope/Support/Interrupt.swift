import Glibc
import Synchronization

/// The request to end, by SIGINT (Ctrl-C), SIGTERM or SIGHUP.
enum Interrupt {
    private static let asked = Atomic<Bool>(false)

    /// Whether the program was asked to end.
    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Installs the handlers. The first signal sets `isAsked`; a second SIGINT or SIGTERM ends the program at once.
    /// Writing to a closed pipe becomes an error instead of a signal.
    static func install() {
        // Initialises the static before the handler may run.
        asked.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                Interrupt.asked.store(true, ordering: .relaxed)
                // A terminal that closes sends two hang-ups, its own and the shell's.
                if number != SIGHUP { signal(number, SIG_DFL) }
            }
        }
        signal(SIGPIPE, SIG_IGN)
    }
}
