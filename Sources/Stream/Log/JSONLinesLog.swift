import EmotionFiles
import Glibc

/// A sink that writes rows to standard output as JSON Lines.
public final class JSONLinesLog: RowSink {
    private let file = OutputFile(descriptor: STDOUT_FILENO, name: "standard output")

    private let format: RowFormat

    public init(format: RowFormat = RowFormat()) {
        self.format = format
    }

    public func write(_ row: Row) throws(FileError) {
        try file.append(format.json(row))
    }
}
