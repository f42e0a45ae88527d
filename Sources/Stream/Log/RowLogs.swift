import Glibc
import Synchronization

/// The session's log as CSV, a row at a time.
public final class CSVLog: RowSink {
    /// The rows and bytes written so far, the header's included.
    public var progress: (rows: Int, bytes: Int) {
        (rows.load(ordering: .relaxed), bytes.load(ordering: .relaxed))
    }

    public var path: String { file.path }

    private let file: LineFile
    private let rows = Atomic<Int>(0)
    private let bytes = Atomic<Int>(RowFormat.csvHeader.utf8.count)

    /// Creates the file and writes the header; see `LogError` for what can be wrong with `path`.
    public init(path: String, overwrite: Bool = false) throws(LogError) {
        file = try LineFile(creating: path, overwrite: overwrite)
        try file.write(RowFormat.csvHeader)
    }

    public func write(_ row: Row) throws(LogError) {
        let line = RowFormat.csv(row)
        try file.write(line)
        rows.add(1, ordering: .relaxed)
        bytes.add(line.utf8.count, ordering: .relaxed)
    }
}

/// Rows as JSON Lines on standard output.
public final class JSONLinesLog: RowSink {
    private let file = LineFile(descriptor: STDOUT_FILENO, name: "standard output")

    public init() {}

    public func write(_ row: Row) throws(LogError) {
        try file.write(RowFormat.json(row))
    }
}
