import EmotionCore
import EmotionFiles

/// The session's log as CSV, a row at a time: whole rows only, whatever happens to disk and file.
///
/// - A row that a regular file does not take leaves the file as it was. The log tries again with each row that follows;
///   the first that is taken comes behind one of status `unlogged`, which stands for those that are lost.
/// - A log that is moved or removed while it is written goes on in a new file at its path, header first. Where none can
///   be made there, rows still go into the moved one.
/// - What is no regular file, such as a pipe, fails for good.
public final class CSVLog: RowSink, @unchecked Sendable {
    /// How the log fares.
    public struct Status: Equatable, Sendable {
        /// Rows and bytes written so far, the header's included.
        public var rows = 0
        public var bytes = 0
        /// Rows that were not written, and stand in no file.
        public var lost = 0
        /// How often it went on in a new file.
        public var renewals = 0
        /// Why rows are not written, or not where they should be, at this moment.
        public var trouble: String?

        public init() {}
    }

    public let path: String

    private let format: RowFormat
    private let published: Locked<Status>
    // From here on, for the session's queue only.
    private var file: OutputFile
    private var status: Status
    private var gap: Gap?
    /// The number of the session's first row: what an earlier session in the same file left off at.
    private let firstSequence: Int

    /// Rows in a row that were not written.
    private struct Gap {
        var first: Row
        var last: Row
        var count: Int
        var reason: String

        var row: Row {
            var row = Row(start: first.start, end: last.end, wallEnd: last.wallEnd, status: .unlogged)
            row.sequence = first.sequence
            row.note = "\(count) row\(count == 1 ? "" : "s") not written: \(reason)"
            return row
        }
    }

    /// Creates the file and writes the header, or goes on where an earlier log ends.
    ///
    /// - Parameter existing: with `.continued`, a file that holds something must be a log of these columns. Half a row
    ///   at its end, as `kill -9` may leave, is taken away; the session's first row is a marker that says where it
    ///   begins, for its stream time starts at 0 again.
    public init(
        path: String, existing: ExistingFilePolicy = .refused, format: RowFormat = RowFormat()
    ) throws(FileError) {
        self.path = path
        self.format = format
        file = try OutputFile(path, existing: existing)
        var status = Status()
        do throws(FileError) {
            guard existing == .continued, file.isRegular, !file.isNew else {
                firstSequence = 0
                try file.append(format.csvHeader)
                status.bytes = format.csvHeader.utf8.count
                self.status = status
                published = Locked(status)
                return
            }
            let tail = try LogTail(file, format)
            try file.truncate(to: tail.end)
            firstSequence = tail.nextSequence + 1
            var marker = Row(start: 0, end: 0, wallEnd: .now, status: .marker)
            marker.sequence = tail.nextSequence
            marker.note = "session appended; its stream time starts at 0"
            let line = format.csv(marker)
            try file.append(line)
            status.bytes = tail.end + line.utf8.count
            status.rows = 1
            self.status = status
            published = Locked(status)
        } catch {
            file.discard()
            throw error
        }
    }

    public var isRegular: Bool { file.isRegular }

    /// The log at this moment; for any thread.
    public var current: Status { published.withLock { $0 } }

    public func write(_ row: Row) throws(FileError) {
        var row = row
        row.sequence += firstSequence
        let line = format.csv(row)
        defer { publish() }
        do throws(FileError) {
            try followPath()
            try append((gap.map { format.csv($0.row) } ?? "") + line)
            status.rows += gap == nil ? 1 : 2
            gap = nil
        } catch {
            guard file.isRegular else { throw error }
            status.trouble = error.description
            status.lost += 1
            gap = Gap(
                first: gap?.first ?? row, last: row, count: (gap?.count ?? 0) + 1, reason: gap?.reason ?? error.problem)
        }
    }

    /// Tells of rows that are still missing, if it can, when no more will come.
    public func finish() {
        guard let gap else { return }
        do throws(FileError) {
            try followPath()
            try append(format.csv(gap.row))
            status.rows += 1
            self.gap = nil
        } catch {
            status.trouble = error.description
        }
        publish()
    }

    /// Takes away what it made, if it holds no row.
    public func discard() {
        if status.rows == 0 { file.discard() }
    }

    private func append(_ lines: String) throws(FileError) {
        try file.append(lines)
        status.bytes += lines.utf8.count
        if file.status == .inPlace { status.trouble = nil }
    }

    /// Opens a new file where the old one was moved or removed. Another that is there meanwhile is never written into.
    private func followPath() throws(FileError) {
        let place = file.status
        if place == .inPlace {
            // Emptied from outside, as some rotations do: a log begins with its header.
            if file.isRegular, try file.size() == 0 { try renew(file) }
            return
        }
        do throws(FileError) {
            let new = try OutputFile(path, existing: .refused)
            try renew(new)
            file = new
        } catch {
            if place == .removed { throw error }
            status.trouble = "the log \"\(path)\" was moved, and rows go on in the moved file: \(error.description)"
        }
    }

    private func renew(_ new: OutputFile) throws(FileError) {
        do throws(FileError) {
            try new.append(format.csvHeader)
        } catch {
            new.discard()
            throw error
        }
        status.renewals += 1
        status.bytes = format.csvHeader.utf8.count
    }

    private func publish() {
        let status = status
        published.withLock { $0 = status }
    }
}
