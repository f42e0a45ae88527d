import EmotionCore
import EmotionFiles

/// A reader of the rows of a log, which may hold several sessions: those that were appended, and those of logs that were
/// put together.
///
/// The stream time of each session begins at 0. A session begins with a header, or with a row that ends at 0 where the
/// session before it had gone on.
package struct SessionReader {
    /// The number of the session that the newest row belongs to, from 1.
    package private(set) var session = 0

    private var records: LogReader
    /// Whether the next row is of another session.
    private var begins = true
    /// The greatest end of a row of the session, in seconds.
    private var reached = 0.0
    /// The start of the newest window of each channel, in seconds.
    private var newest: [Int: Double] = [:]

    /// Creates a reader at the start of the log.
    package init(_ file: RegularFile) throws(CSVFileError) {
        records = try LogReader(file)
    }

    /// Reads the next row; returns nil at the end. A row that breaks off at the end of the file is left out.
    ///
    /// - Throws: `CSVFileError` where the file is no log, or its rows are not in the order of time.
    package mutating func next() throws(CSVFileError) -> Row? {
        while let part = try records.next() {
            switch part {
            case .other: break
            case .header: begins = true
            case .row(let record):
                let row = try records.row(record)
                try place(row, record)
                return row
            }
        }
        return nil
    }

    private mutating func place(_ row: Row, _ record: CSVRecord) throws(CSVFileError) {
        if begins || row.end == 0 && reached > 0 {
            session += 1
            (begins, reached, newest) = (false, 0, [:])
        }
        reached = max(reached, row.end)
        guard row.isWindow else { return }
        if let before = newest.updateValue(row.start, forKey: row.channel ?? 0), before > row.start {
            throw records.failure("begins before the window above it: sort the rows by seq", record)
        }
    }
}
