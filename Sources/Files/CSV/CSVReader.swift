/// A reader of comma-separated values, a record at a time, from untrusted bytes. The header tells their dialect.
///
/// Lines may end in LF or CRLF; a byte order mark at the start and empty lines are skipped.
///
///     var reader = try CSVReader(Array("path,emotion\r\na.wav,sad\r\n".utf8))
///     while let cells = try reader.next() { print(reader.line, cells) }
package struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0
    private var lineAtPosition = 1
    private let dialect: CSVDialect

    /// The line on which the latest record begins, from 1.
    package private(set) var line = 1

    /// Creates a reader of a file's content.
    ///
    /// - Throws: `CSVError` where a byte is NUL, which no text contains.
    package init(_ bytes: [UInt8]) throws(CSVError) {
        self.bytes = bytes
        if let place = bytes.firstIndex(of: 0) {
            let line = bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
            throw .holdsNUL(line: line)
        }
        // Skips the byte order mark that spreadsheets write.
        if bytes.starts(with: byteOrderMark) { position = byteOrderMark.count }
        dialect = CSVDialect(ofHeader: bytes[position...])
    }

    /// Reads the cells of the next record; returns nil at the end.
    ///
    /// - Throws: `CSVError` with the record's first line, where the record is longer than `CSVRecord.maximum`, is not
    ///   UTF-8 or has misplaced quotes.
    package mutating func next() throws(CSVError) -> [String]? {
        while position < bytes.count {
            let cells = try record()
            if cells != [nil] { return cells.map { $0 ?? "" } }
        }
        return nil
    }

    /// Reads the cells up to the next line end; a cell is nil if it is empty and not quoted.
    private mutating func record() throws(CSVError) -> [String?] {
        line = lineAtPosition
        var record = CSVRecord(line: line, dialect)
        var hasEnded = false
        while position < bytes.count, !hasEnded {
            if bytes[position] == UInt8(ascii: "\n") { lineAtPosition += 1 }
            hasEnded = try record.take(bytes[position])
            position += 1
        }
        if !hasEnded { try record.end() }
        var cells: [String?] = []
        for cell in record.cells.indices { cells.append(record.cells[cell].isEmpty ? nil : try record.text(cell)) }
        return cells
    }
}

/// A violation of the CSV format: the line, and what is wrong with it.
package struct CSVError: Error, Equatable, Sendable {
    /// The line, from 1.
    package let line: Int
    /// What is wrong, as the predicate of a sentence: "is not UTF-8".
    package let problem: String

    package init(line: Int, problem: String) {
        self.line = line
        self.problem = problem
    }

    static func holdsNUL(line: Int) -> CSVError {
        CSVError(line: line, problem: "holds a NUL byte, so it is no CSV")
    }
}

/// The byte order mark of UTF-8.
let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
