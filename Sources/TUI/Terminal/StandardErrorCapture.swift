import Glibc
import Synchronization

/// Keeps what libraries print on standard error off the dashboard, and shows it once the terminal is given back.
///
/// While it holds, standard error is a pipe that nobody waits for: 64 KiB are kept, what is beyond them is lost.
/// `release` calls only `dup2`, `read`, `write` and `close`, which POSIX allows in a signal handler.
enum StandardErrorCapture {
    /// The real standard error, and the pipe's end to read; -1 while nothing is held.
    private static let real = Atomic<Int32>(-1)
    private static let kept = Atomic<Int32>(-1)

    /// Begins to hold, if standard error is a terminal; one that is a file is in nobody's way.
    static func hold() {
        guard isatty(STDERR_FILENO) == 1, real.load(ordering: .sequentiallyConsistent) < 0 else { return }
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        kept.store(ends[0], ordering: .sequentiallyConsistent)
        real.store(copy, ordering: .sequentiallyConsistent)
        dup2(ends[1], STDERR_FILENO)
        close(ends[1])
    }

    /// Gives standard error back and prints what was held.
    static func release() {
        let descriptor = real.exchange(-1, ordering: .sequentiallyConsistent)
        guard descriptor >= 0 else { return }
        dup2(descriptor, STDERR_FILENO)
        close(descriptor)
        let pipe = kept.exchange(-1, ordering: .sequentiallyConsistent)
        var block = InlineArray<512, UInt8>(repeating: 0)
        var bytes = block.mutableSpan
        unsafe bytes.withUnsafeMutableBytes { buffer in
            while true {
                let count = unsafe read(pipe, buffer.baseAddress, buffer.count)
                guard count > 0 else { break }
                unsafe _ = write(STDERR_FILENO, buffer.baseAddress, count)
            }
        }
        close(pipe)
    }
}
