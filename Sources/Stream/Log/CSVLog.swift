import EmotionCore
import EmotionFiles

/// The session's log as CSV. It holds whole rows only, whatever happens to the disk and the file.
///
/// - A row that cannot be written to a regular file leaves the file as it was. Each row that follows is tried again; the
///   first that succeeds is written after a row of status `unlogged`, which stands for the rows that are lost.
/// - If the file is moved or removed, the log continues in a new file at its path, beginning with the header. Where no file
///   can be made there, rows still go into the moved one.
/// - An error in anything but a regular file, such as a pipe, ends the log.
public final class CSVLog: RowSink, @unchecked Sendable {
    /// The state of the log.
    public struct Status: Equatable, Sendable {
        /// Rows written so far.
        public var rows = 0
        /// Bytes written so far, the header's included.
        public var bytes = 0
        /// Rows that could not be written and are in no file.
        public var lost = 0
        /// New files that the log continued in.
        public var renewals = 0
        /// The reason why rows cannot be written, or go to another place, at this moment; nil if all is well.
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
    /// The number of the session's first row: one more than the last row of an earlier session in the file.
    private let firstSequence: Int

    /// Consecutive rows that were not written.
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

    /// Creates the file and writes the header, or continues after the end of an earlier log.
    ///
    /// - Parameters:
    ///   - path: Where the log is to be.
    ///   - existing: What happens to a file at `path`. With `.continued`, it must be a log of these columns. Half a row at its
    ///     end, as `kill -9` may leave, is cut off; the session's first row is a marker, because its stream time starts at 0.
    ///   - format: The columns.
    /// - Throws: `FileError` where the file cannot be made, or may not be continued.
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

    /// Whether the log is a regular file, not a pipe, a terminal or another stream.
    public var isRegular: Bool { file.isRegular }

    /// The state of the log at this moment; may be called on any thread.
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

    /// Writes the row that stands for those still missing, if it can; to be called after the last row.
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

    /// Removes the file that the log made, if it holds no row.
    public func discard() {
        if status.rows == 0 { file.discard() }
    }

    private func append(_ lines: String) throws(FileError) {
        try file.append(lines)
        status.bytes += lines.utf8.count
        if file.whereabouts == .inPlace { status.trouble = nil }
    }

    /// Opens a new file if the old one was moved or removed; a file of somebody else at the path is not written into.
    private func followPath() throws(FileError) {
        let place = file.whereabouts
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
