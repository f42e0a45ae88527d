import EmotionFiles
import Glibc

/// Standard output and error, written at once.
enum Console {
    static func print(_ line: String) {
        write(line + "\n", to: output)
    }

    /// Text on standard output as it is, with the line ends that it has.
    static func write(_ text: String) {
        write(text, to: output)
    }

    static func error(_ line: String) {
        write("emoscope: \(line)\n", to: errors)
    }

    /// A line on standard error that is no error.
    static func note(_ line: String) {
        write(line + "\n", to: errors)
    }

    /// A line on a terminal's standard error that the next one replaces; empty to wipe it.
    static func status(_ line: String) {
        write("\r\u{1B}[K" + line, to: errors)
    }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static let output = OutputFile(descriptor: STDOUT_FILENO, name: "standard output")
    private static let errors = OutputFile(descriptor: STDERR_FILENO, name: "standard error")

    /// Nobody is left to be told where even this cannot be written.
    private static func write(_ text: String, to file: OutputFile) {
        try? file.append(text)
    }
}
