import Glibc
import Synchronization

/// Whether the user or the system asked the program to end (Ctrl-C, SIGTERM, SIGHUP).
enum Interrupt {
    private static let asked = Atomic<Bool>(false)

    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Makes those signals end a session in order. A second one ends the program at once. A closed pipe becomes
    /// an error of the write instead of a signal.
    static func install() {
        // The handler may run at any moment: what it touches exists before it can.
        asked.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                Interrupt.asked.store(true, ordering: .relaxed)
                // A terminal that goes away sends two hang-ups, its own and the shell's.
                if number != SIGHUP { signal(number, SIG_DFL) }
            }
        }
        signal(SIGPIPE, SIG_IGN)
    }
}
