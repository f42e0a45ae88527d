import EmotionCore
import EmotionFiles

/// The session's log as CSV, written row by row. The file holds whole rows only, whatever happens to the disk or the
/// file.
///
/// - A failed write leaves a regular file as it was. The log tries again with each later row; the first row that is
///   written follows one of status `unlogged`, which stands for the lost ones.
/// - A log that is moved or removed during the session continues in a new file at its path, which begins with the
///   header. Where no new file can be made, rows still go to the moved one.
/// - A log that is not a regular file, such as a pipe, fails for good at the first failed write.
package final class CSVLog: RowSink {
    /// The state of the log.
    package struct Status: Equatable, Sendable {
        /// Rows and bytes written so far, the header's included.
        package var rows = 0
        package var bytes = 0
        /// Rows that could not be written to any file.
        package var lost = 0
        /// Number of times that the log began again with a header, because its file was moved, removed or emptied.
        package var renewals = 0
        /// Why rows are not written at this moment, or not at the path; nil where all is well.
        package var trouble: String?

        package init() {}
    }

    package let path: String
    package let isRegular: Bool

    /// The file. The session's queue writes to it; only `finish` and `discard` on another thread compete for the lock.
    private let writer: Locked<CSVLogWriter>
    /// A copy of the writer's status, for threads that must not wait for a slow disk.
    private let published: Locked<Status>

    /// Creates the file and writes the header, or appends to an earlier log.
    ///
    /// - Parameter existing: With `.continued`, a file that is not empty must be a log with these columns. A partial
    ///   row at its end, as `kill -9` may leave, is truncated. The first row is then a marker that says where the
    ///   session begins, because its stream time starts at 0 again. Rows are written in the dialect of the file.
    package init(
        path: String, existing: ExistingFilePolicy = .refused, format: RowFormat = RowFormat()
    ) throws(FileError) {
        let writer = try CSVLogWriter(path: path, existing: existing, format: format)
        self.path = path
        isRegular = writer.isRegular
        published = Locked(writer.status)
        self.writer = Locked(writer)
    }

    /// The log's status; callable from any thread.
    package var current: Status { published.withLock { $0 } }

    package func write(_ row: Row) throws(FileError) {
        try writer.withLock { writer throws(FileError) in
            defer { publish(writer) }
            try writer.write(row)
        }
    }

    /// Writes the `unlogged` row for rows that are still missing, if it can. Called when no more rows will come.
    package func finish() {
        writer.withLock { writer in
            writer.finish()
            publish(writer)
        }
    }

    /// Removes the file if this log created it and it holds no row.
    package func discard() {
        writer.withLock { $0.discard() }
    }

    private func publish(_ writer: CSVLogWriter) {
        published.withLock { $0 = writer.status }
    }
}
