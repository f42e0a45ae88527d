/// A record of comma-separated values that is taken a byte at a time and keeps its exact bytes.
package struct CSVRecord {
    /// The maximum size of a record in bytes.
    package static let maximum = 65_536

    /// The line on which it begins, from 1.
    package let line: Int
    /// The bytes as they were taken, the line end included.
    package private(set) var bytes: [UInt8] = []
    /// The place of each complete cell in `bytes`, with its quotes and without the separator or line end that follows.
    package private(set) var cells: [Range<Int>] = []

    /// Whether its last cell began with a quote that is not closed yet.
    package var isOpen: Bool { scanner.isOpen }

    private var scanner: CSVScanner
    private var cellStart = 0

    package init(line: Int, _ dialect: CSVDialect = .rfc4180) {
        self.line = line
        scanner = CSVScanner(dialect)
    }

    /// Takes the next byte.
    ///
    /// - Returns: Whether it was the record's last.
    /// - Throws: `CSVError` where the record becomes longer than `maximum` or a quote is misplaced.
    package mutating func take(_ byte: UInt8) throws(CSVError) -> Bool {
        let token: CSVScanner.Token
        do { token = try scanner.scan(byte) } catch { throw failure(error) }
        bytes.append(byte)
        guard bytes.count <= Self.maximum || token == .record else {
            throw CSVError(line: line, problem: "is longer than \(Self.maximum / 1024) KiB")
        }
        switch token {
        case .content, .syntax: break
        case .cell:
            cells.append(cellStart..<bytes.count - 1)
            cellStart = bytes.count
        case .record: endLine(at: bytes.count - 1)
        }
        return token == .record
    }

    /// Ends the record where the file ends without a line end.
    ///
    /// - Throws: `CSVError` where its last cell opens a quote and does not close it.
    package mutating func end() throws(CSVError) {
        guard !scanner.isOpen else { throw CSVError(line: line, problem: "opens a quote that is never closed") }
        endLine(at: bytes.count)
    }

    /// The text of a cell.
    ///
    /// - Throws: `CSVError` where it is not UTF-8.
    package func text(_ cell: Int) throws(CSVError) -> String {
        guard let text = String(validating: content(cell), as: UTF8.self) else {
            throw CSVError(line: line, problem: "is not UTF-8")
        }
        return text
    }

    /// The bytes of a cell without its quotes.
    private func content(_ cell: Int) -> [UInt8] {
        let raw = bytes[cells[cell]]
        guard raw.first == UInt8(ascii: "\"") else { return Array(raw) }
        var content: [UInt8] = []
        var followsQuote = false
        for byte in raw.dropFirst().dropLast() {
            // The second of two quotes is skipped.
            followsQuote = byte == UInt8(ascii: "\"") && !followsQuote
            if followsQuote || byte != UInt8(ascii: "\"") { content.append(byte) }
        }
        return content
    }

    /// Ends the last cell before the line feed, or the end of the file, at `end`.
    private mutating func endLine(at end: Int) {
        let hasReturn = end > cellStart && bytes[end - 1] == UInt8(ascii: "\r")
        cells.append(cellStart..<(hasReturn ? end - 1 : end))
    }

    private func failure(_ fault: CSVScanner.Fault) -> CSVError {
        switch fault {
        case .quoteInCell: CSVError(line: line, problem: "has a quote inside a cell that is not quoted")
        case .textAfterQuote: CSVError(line: line, problem: "has text after a closing quote")
        }
    }
}
