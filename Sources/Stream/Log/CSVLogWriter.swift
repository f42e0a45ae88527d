import EmotionCore
import EmotionFiles

/// The file of a `CSVLog`, with its status. Used by one thread at a time.
struct CSVLogWriter {
    private(set) var status: CSVLog.Status

    private let path: String
    /// The format of the rows; its dialect is that of the file.
    private let format: RowFormat
    private var file: OutputFile
    private var gap: Gap?
    /// Number of the session's first row: 0, or the number at which an earlier session in the same file ended.
    private let firstSequence: Int

    var isRegular: Bool { file.isRegular }

    /// A run of consecutive rows that were not written.
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

    /// Opens the file as `CSVLog.init` describes.
    init(path: String, existing: ExistingFilePolicy, format: RowFormat) throws(FileError) {
        self.path = path
        file = try OutputFile(path, existing: existing)
        var status = CSVLog.Status()
        do throws(FileError) {
            guard existing == .continued, file.isRegular, !file.isNew else {
                firstSequence = 0
                self.format = format
                try file.append(format.csvHeader)
                status.bytes = format.csvHeader.utf8.count
                self.status = status
                return
            }
            let tail = try LogTail(file, format)
            let format = RowFormat(holdsLogits: format.holdsLogits, dialect: tail.dialect)
            self.format = format
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
        } catch {
            file.discard()
            throw error
        }
    }

    mutating func write(_ row: Row) throws(FileError) {
        var row = row
        row.sequence += firstSequence
        let line = format.csv(row)
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

    /// Writes the `unlogged` row for rows that are still missing, if it can. Called when no more rows will come.
    mutating func finish() {
        guard let gap else { return }
        do throws(FileError) {
            try followPath()
            try append(format.csv(gap.row))
            status.rows += 1
            self.gap = nil
        } catch {
            status.trouble = error.description
        }
    }

    /// Removes the file if this log created it and it holds no row.
    func discard() {
        if status.rows == 0 { file.discard() }
    }

    private mutating func append(_ lines: String) throws(FileError) {
        try file.append(lines)
        status.bytes += lines.utf8.count
        if file.status == .inPlace { status.trouble = nil }
    }

    /// Opens a new file at the path if the old one was moved or removed; never writes to a file that another program
    /// made there.
    private mutating func followPath() throws(FileError) {
        let place = file.status
        if place == .inPlace {
            // Another program emptied the file, as some log rotations do: a log begins with its header.
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

    private mutating func renew(_ new: OutputFile) throws(FileError) {
        do throws(FileError) {
            try new.append(format.csvHeader)
        } catch {
            new.discard()
            throw error
        }
        status.renewals += 1
        status.bytes = format.csvHeader.utf8.count
    }
}
