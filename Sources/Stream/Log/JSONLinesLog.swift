import Files
import Glibc

/// Rows as JSON Lines on standard output.
public final class JSONLinesLog: RowSink {
    private let file = OutputFile(descriptor: STDOUT_FILENO, name: "standard output")

    public init() {}

    public func write(_ row: Row) throws(FileError) {
        try file.append(RowFormat.json(row))
    }
}
