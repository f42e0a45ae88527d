import EmotionCore
import EmotionFiles
import Glibc

/// Unbuffered writing to standard output and standard error.
enum Console {
    /// Prints a line to standard output.
    static func print(_ line: String) {
        write((outputIsTerminal ? harmless(line) : line) + "\n", to: output)
    }

    /// Prints lines, each with its line end, to standard output.
    static func printText(_ text: String) {
        write(outputIsTerminal ? harmless(text.replacing("\r\n", with: "\n")) : text, to: output)
    }

    /// Writes text to standard output, without a line end of its own.
    static func write(_ text: String) {
        write(text, to: output)
    }

    /// Prints an error to standard error, after the name of the program.
    static func error(_ line: String) {
        note("emoscope: \(line)")
    }

    /// Prints a line that is not an error to standard error.
    static func note(_ line: String) {
        write((errorIsTerminal ? harmless(line) : line) + "\n", to: errors)
    }

    /// Shows a line on standard error, which must be a terminal, in place of the last such line; an empty one clears
    /// it.
    static func status(_ line: String) {
        write("\r\u{1B}[K" + line, to: errors)
    }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Text for a terminal: what a file's name holds must not control it.
    private static func harmless(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { printable(String($0)) }
                .joined(separator: "\t")
        }.joined(separator: "\n")
    }

    private static let output = OutputFile(descriptor: STDOUT_FILENO, name: "standard output")
    private static let errors = OutputFile(descriptor: STDERR_FILENO, name: "standard error")

    /// The first error of standard output.
    private static let outputFailure = Locked<FileError?>(nil)

    /// Throws if something could not be written to standard output; a reader that closed the pipe, as `head` does, is no
    /// failure. Called at the end of every command.
    static func checkOutput() throws(FileError) {
        guard let failure = outputFailure.withLock({ $0 }), !failure.isClosedPipe else { return }
        throw failure
    }

    /// Keeps an error of standard output; there is nowhere to report one of standard error.
    private static func write(_ text: String, to file: OutputFile) {
        do throws(FileError) {
            try file.append(FileName.bytes(text))
        } catch {
            guard file === output else { return }
            outputFailure.withLock { $0 = $0 ?? error }
        }
    }
}
