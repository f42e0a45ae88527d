/// A reader of comma-separated values by RFC 4180, a record at a time, from untrusted bytes.
///
/// Lines may end in LF or CRLF; a byte order mark at the start and empty lines are skipped. A record has at most 64
/// KiB.
///
///     var reader = try CSVReader(Array("path,emotion\r\na.wav,sad\r\n".utf8))
///     while let cells = try reader.next() { print(reader.line, cells) }
package struct CSVReader {
    /// The maximum size of a record in bytes.
    package static let maximumRecord = 65_536

    private let bytes: [UInt8]
    private var position = 0
    private var lineAtPosition = 1

    /// The line on which the latest record begins, from 1.
    package private(set) var line = 1

    /// Creates a reader of a file's content.
    ///
    /// - Throws: `CSVError` where a byte is NUL, which no text contains.
    package init(_ bytes: [UInt8]) throws(CSVError) {
        self.bytes = bytes
        if let place = bytes.firstIndex(of: 0) {
            let line = bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
            throw CSVError(line: line, problem: "holds a NUL byte, so it is no CSV")
        }
        // Skips the byte order mark that spreadsheets write.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads the cells of the next record; returns nil at the end.
    ///
    /// - Throws: `CSVError` with the record's first line, where the record is longer than `maximumRecord`, is not UTF-8
    ///   or has misplaced quotes.
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
        let start = position
        var scanner = CSVScanner()
        var cells: [String?] = []
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            let wasQuoted = scanner.isQuoted
            let token: CSVScanner.Token
            do { token = try scanner.scan(byte) } catch { throw failure(error) }
            position += 1
            if byte == UInt8(ascii: "\n") { lineAtPosition += 1 }
            guard position - start <= Self.maximumRecord || token == .record else {
                throw CSVError(line: line, problem: "is longer than \(Self.maximumRecord / 1024) KiB")
            }
            switch token {
            case .content: content.append(byte)
            case .syntax: break
            case .cell:
                cells.append(try text(content, isQuoted: wasQuoted))
                content.removeAll(keepingCapacity: true)
            case .record: return cells + [try lastText(content, isQuoted: wasQuoted)]
            }
        }
        guard !scanner.isOpen else { throw CSVError(line: line, problem: "opens a quote that is never closed") }
        return cells + [try lastText(content, isQuoted: scanner.isQuoted)]
    }

    /// The text of a record's last cell, without the carriage return of its line end.
    private func lastText(_ content: [UInt8], isQuoted: Bool) throws(CSVError) -> String? {
        let endsInReturn = !isQuoted && content.last == UInt8(ascii: "\r")
        return try text(endsInReturn ? content.dropLast() : content, isQuoted: isQuoted)
    }

    private func text(_ content: [UInt8], isQuoted: Bool) throws(CSVError) -> String? {
        if content.isEmpty, !isQuoted { return nil }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CSVError(line: line, problem: "is not UTF-8")
        }
        return text
    }

    private func failure(_ fault: CSVScanner.Fault) -> CSVError {
        switch fault {
        case .quoteInCell: CSVError(line: line, problem: "has a quote inside a cell that is not quoted")
        case .textAfterQuote: CSVError(line: line, problem: "has text after a closing quote")
        }
    }
}

/// A violation of the CSV format: the line, and what is wrong with it.
package struct CSVError: Error, Equatable, Sendable {
    /// The line, from 1.
    package let line: Int
    /// What is wrong, as the predicate of a sentence: "is not UTF-8".
    package let problem: String
}
