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

    /// The bytes before the header: a byte order mark, or none.
    package var mark: [UInt8] { records.mark }
    /// The dialect, which the header tells.
    package var dialect: CSVDialect { records.dialect }

    private let path: String
    private var records: CSVFileReader
    private var header: [UInt8] = []
    /// Number of the columns, and the place of each that is known.
    private var count = 0
    private var places: [LogColumn: Int] = [:]

    /// Creates a reader at the start of the log, whose header is the first record.
    package init(_ file: RegularFile) throws(CSVFileError) {
        path = file.path
        records = try CSVFileReader(file)
    }

    /// Reads the next record; returns nil at the end.
    ///
    /// - Throws: `CSVFileError` where the file is no CSV, does not have each required column once, or a row has more or fewer
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

    /// The place of a column's cell in `CSVRecord.cells`, once the header is read; nil where the log lacks the column.
    package func place(of column: LogColumn) -> Int? { places[column] }

    /// The text of a cell, as it was before it was made safe for spreadsheets; nil where it is empty.
    package func text(_ column: LogColumn, of row: CSVRecord) throws(CSVFileError) -> String? {
        try content(of: column, row).map(CSVWriter.plainText)
    }

    /// The number in a cell; nil where it is empty.
    ///
    /// - Throws: `CSVFileError` where it is no number, or not in `range`.
    package func number(
        _ column: LogColumn, of row: CSVRecord, in range: ClosedRange<Double> = -1e12...1e12
    ) throws(CSVFileError) -> Double? {
        guard let text = try content(of: column, row) else { return nil }
        guard let number = dialect.number(text), range.contains(number) else {
            throw failure("has no number that fits in the column \(column.rawValue)", row)
        }
        return number
    }

    /// What a cell holds; nil where it is empty, or the log lacks the column.
    private func content(of column: LogColumn, _ row: CSVRecord) throws(CSVFileError) -> String? {
        guard let place = places[column] else { return nil }
        do {
            let text = try row.text(place)
            return text.isEmpty ? nil : text
        } catch {
            throw CSVFileError(path, error)
        }
    }

    /// An error about a row.
    ///
    /// - Parameter problem: The predicate of a sentence: "is not UTF-8".
    package func failure(_ problem: String, _ record: CSVRecord) -> CSVFileError {
        CSVFileError(path, CSVError(line: record.line, problem: problem))
    }

    private mutating func readHeader(_ record: CSVRecord) throws(CSVFileError) {
        header = record.bytes
        count = record.cells.count
        for cell in record.cells.indices {
            guard let column = LogColumn(rawValue: try name(cell, of: record)) else { continue }
            guard places.updateValue(cell, forKey: column) == nil else {
                throw CSVFileError(path, "it has the column \(column.rawValue) twice, so it is not a session's log")
            }
        }
        let missing = LogColumn.required.filter { places[$0] == nil }
        guard let first = missing.first else { return }
        let isOlder = missing.allSatisfy { [.speaker, .channel, .baseline].contains($0) }
        throw CSVFileError(
            path,
            "it has no column \((isOlder ? LogColumn.speaker : first).rawValue); "
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
}
