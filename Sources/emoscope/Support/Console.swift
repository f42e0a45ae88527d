import Glibc

/// Standard output and error, written at once.
enum Console {
    static func print(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    static func error(_ line: String) {
        write("emoscope: \(line)\n", to: STDERR_FILENO)
    }

    /// A line on standard error that is no error.
    static func note(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// A line on a terminal's standard error that the next one replaces; empty to wipe it.
    static func status(_ line: String) {
        write("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(0, count))
        }
    }
}
