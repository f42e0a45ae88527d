import Foundation

/// The limits of every case: processor time, wall time, address space, and peak resident memory. A case that exceeds
/// one ends the process with the case's name.
enum Guard {
    /// Seconds of processor time a case may take.
    static let processorLimit = 2
    /// Seconds until a case counts as stuck.
    static let wallLimit = 60
    /// Bytes by which a run's memory may exceed that at its start. No input is larger than 1 MiB.
    static let residentLimit = 64 << 20
    /// Bytes of address space that a run may use beyond those at its start.
    static let addressLimit = 512 << 20

    nonisolated(unsafe) private static var label = [CChar](repeating: 0, count: 256)
    nonisolated(unsafe) private static var residentStart = 0

    static func install() {
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGPROF, SIGALRM] {
            signal(number) { number in
                Guard.say(number == SIGPROF || number == SIGALRM ? "took too long in " : "crashed in ")
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        residentStart = resident
        var limit = rlimit()
        limit.rlim_cur = rlim_t(addressSpace + addressLimit)
        limit.rlim_max = limit.rlim_cur
        setrlimit(Int32(RLIMIT_AS.rawValue), &limit)
    }

    /// Begins a case.
    static func begin(_ name: String) {
        for (index, byte) in (name.utf8CString).prefix(255).enumerated() { label[index] = byte }
        var processor = itimerval()
        processor.it_value.tv_sec = processorLimit
        setitimer(Int32(ITIMER_PROF.rawValue), &processor, nil)
        var wall = itimerval()
        wall.it_value.tv_sec = wallLimit
        setitimer(Int32(ITIMER_REAL.rawValue), &wall, nil)
    }

    /// Bytes by which peak resident memory exceeds that at the start; ends the process beyond the limit.
    static func checkMemory() -> Int {
        let growth = resident - residentStart
        if growth > residentLimit {
            say("grew by \(growth >> 20) MiB by ")
            exit(1)
        }
        return growth
    }

    /// Ends the process because the case breaks an invariant.
    static func fail(_ problem: String) -> Never {
        say(problem + " in ")
        exit(1)
    }

    private static func say(_ words: StaticString) {
        _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
        sayLabel()
    }

    private static func say(_ words: String) {
        _ = words.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        sayLabel()
    }

    private static func sayLabel() {
        _ = label.withUnsafeBufferPointer { write(STDERR_FILENO, $0.baseAddress, strlen($0.baseAddress!)) }
        _ = write(STDERR_FILENO, "\n", 1)
    }

    private static var resident: Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }

    private static var addressSpace: Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").first
        return (pages.flatMap { Int($0) } ?? 0) * Int(getpagesize())
    }
}
