import EmotionFiles

/// A reader of a log that exists, a row at a time. It may have more columns than those that are read.
package struct LogReader {
    /// A record of the log.
    package enum Part {
        /// The header, which a log that was put together from several has again.
        case header(CSVRecord)
        /// A row with a cell for each column.
        case row(CSVRecord)
        /// An empty line, or a row that breaks off at the end of the file.
        case other(CSVRecord)
    }

    /// A column that is read, by its name in the header.
    package enum Column: String, CaseIterable {
        case start = "start_s"
        case end = "end_s"
        case level = "rms_dbfs"
        case label = "smoothed_label"
        case channel
        case speaker
    }

    /// The bytes before the header: a byte order mark, or none.
    package var mark: [UInt8] { records.mark }

    private let path: String
    private var records: CSVFileReader
    private var header: [UInt8] = []
    /// Number of the columns, and the place of each that is read.
    private var count = 0
    private var places: [Column: Int] = [:]

    /// Creates a reader at the start of the log, whose header is the first record.
    package init(_ file: RegularFile) throws(CSVFileError) {
        path = file.path
        records = try CSVFileReader(file)
    }

    /// Reads the next record; returns nil at the end.
    ///
    /// - Throws: `CSVFileError` where the file is no CSV, does not have each `Column` once, or a row has more or fewer
    ///   cells than the header.
    package mutating func next() throws(CSVFileError) -> Part? {
        guard let record = try records.next() else {
            if header.isEmpty { throw CSVFileError(path, "it is empty, so it is not a session's log") }
            return nil
        }
        if header.isEmpty { try readHeader(record) }
        if record.bytes == header { return .header(record) }
        if record.cells.count == count { return .row(record) }
        let isEmpty = record.cells.count == 1 && record.cells[0].isEmpty
        let breaksOff = record.bytes.last != UInt8(ascii: "\n")
        guard isEmpty || breaksOff && record.cells.count < count else {
            throw failure("has \(record.cells.count) cells where the header has \(count)", record)
        }
        return .other(record)
    }

    /// The place of a column's cell in `CSVRecord.cells`, once the header is read.
    package func place(of column: Column) -> Int { places[column] ?? 0 }

    /// The text of a cell.
    package func text(_ column: Column, of row: CSVRecord) throws(CSVFileError) -> String {
        do {
            return try row.text(place(of: column))
        } catch {
            throw CSVFileError(path, error)
        }
    }

    /// The name of the speaker whom a row is about; nil where it is about none.
    package func speaker(of row: CSVRecord) throws(CSVFileError) -> String? {
        let text = try text(.speaker, of: row)
        return text.isEmpty ? nil : CSVWriter.plainText(ofSafe: text)
    }

    /// The number in a cell.
    package func number(_ column: Column, of row: CSVRecord) throws(CSVFileError) -> Double {
        guard let number = Double(try text(column, of: row)), number.isFinite else {
            throw failure("has no number in the column \(column.rawValue)", row)
        }
        return number
    }

    private mutating func readHeader(_ record: CSVRecord) throws(CSVFileError) {
        header = record.bytes
        count = record.cells.count
        for cell in record.cells.indices {
            guard let column = Column(rawValue: try name(cell, of: record)) else { continue }
            guard places.updateValue(cell, forKey: column) == nil else {
                throw CSVFileError(path, "it has the column \(column.rawValue) twice, so it is not a session's log")
            }
        }
        let missing = Column.allCases.filter { places[$0] == nil }
        guard let first = missing.first else { return }
        let isOlder = missing.allSatisfy { $0 == .speaker || $0 == .channel }
        throw CSVFileError(
            path,
            "it has no column \((isOlder ? Column.speaker : first).rawValue); "
                + (isOlder
                    ? "it was written by an older version or is not a session's log" : "it is not a session's log"))
    }

    private func name(_ cell: Int, of header: CSVRecord) throws(CSVFileError) -> String {
        do {
            return try header.text(cell)
        } catch {
            throw CSVFileError(path, error)
        }
    }

    private func failure(_ problem: String, _ record: CSVRecord) -> CSVFileError {
        CSVFileError(path, CSVError(line: record.line, problem: problem))
    }
}
