import EmotionCore
import EmotionFiles

/// The session's log as CSV, a row at a time: whole rows only, whatever happens to disk and file.
///
/// - A row that a regular file does not take leaves the file as it was. The log tries again with each row that follows;
///   the first that is taken comes behind one of status `unlogged`, which stands for those that are lost.
/// - A log that is moved or removed while it is written goes on in a new file at its path, header first. Where none can
///   be made there, rows still go into the moved one.
/// - What is no regular file, such as a pipe, fails for good.
package final class CSVLog: RowSink {
    /// How the log fares.
    package struct Status: Equatable, Sendable {
        /// Rows and bytes written so far, the header's included.
        package var rows = 0
        package var bytes = 0
        /// Rows that were not written, and stand in no file.
        package var lost = 0
        /// How often it went on in a new file.
        package var renewals = 0
        /// Why rows are not written, or not where they should be, at this moment.
        package var trouble: String?

        package init() {}
    }

    package let path: String
    package let isRegular: Bool

    /// The session's queue writes; the lock is free then, but for `finish` and `discard` of another thread.
    private let writer: Locked<CSVLogWriter>
    /// What the writer came to, for threads that must not wait for a slow disk.
    private let published: Locked<Status>

    /// Creates the file and writes the header, or goes on where an earlier log ends.
    ///
    /// - Parameter existing: with `.continued`, a file that holds something must be a log of these columns. Half a row
    ///   at its end, as `kill -9` may leave, is taken away; the session's first row is a marker that says where it
    ///   begins, for its stream time starts at 0 again.
    package init(
        path: String, existing: ExistingFilePolicy = .refused, format: RowFormat = RowFormat()
    ) throws(FileError) {
        let writer = try CSVLogWriter(path: path, existing: existing, format: format)
        self.path = path
        isRegular = writer.isRegular
        published = Locked(writer.status)
        self.writer = Locked(writer)
    }

    /// The log at this moment; for any thread.
    package var current: Status { published.withLock { $0 } }

    package func write(_ row: Row) throws(FileError) {
        try writer.withLock { writer throws(FileError) in
            defer { publish(writer) }
            try writer.write(row)
        }
    }

    /// Tells of rows that are still missing, if it can, when no more will come.
    package func finish() {
        writer.withLock { writer in
            writer.finish()
            publish(writer)
        }
    }

    /// Takes away what it made, if it holds no row.
    package func discard() {
        writer.withLock { $0.discard() }
    }

    private func publish(_ writer: CSVLogWriter) {
        published.withLock { $0 = writer.status }
    }
}
