import Glibc
import Synchronization

/// Captures standard error while the dashboard is shown, so that what libraries print does not disturb it.
///
/// Standard error is a non-blocking pipe meanwhile: 64 KiB are kept, anything beyond is lost. ``end()`` calls only
/// `dup2`, `read`, `write` and `close`, which POSIX allows in a signal handler.
enum StandardErrorCapture {
    /// The descriptor of the original standard error; -1 while nothing is captured.
    private static let original = Atomic<Int32>(-1)
    /// The end of the pipe to read from; -1 while nothing is captured.
    private static let pipeEnd = Atomic<Int32>(-1)

    /// Begins to capture, if standard error is a terminal.
    static func begin() {
        guard isatty(STDERR_FILENO) == 1, original.load(ordering: .sequentiallyConsistent) < 0 else { return }
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        pipeEnd.store(ends[0], ordering: .sequentiallyConsistent)
        original.store(copy, ordering: .sequentiallyConsistent)
        dup2(ends[1], STDERR_FILENO)
        close(ends[1])
    }

    /// Restores standard error and prints what was captured.
    static func end() {
        let descriptor = original.exchange(-1, ordering: .sequentiallyConsistent)
        guard descriptor >= 0 else { return }
        dup2(descriptor, STDERR_FILENO)
        close(descriptor)
        let pipe = pipeEnd.exchange(-1, ordering: .sequentiallyConsistent)
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
