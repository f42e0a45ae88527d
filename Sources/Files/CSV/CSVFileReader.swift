import EmotionCore

/// A reader of a file of comma-separated values that holds one record in memory at a time.
///
/// It reads as far as the file went when it was opened.
package struct CSVFileReader {
    /// The bytes before the first record: a byte order mark, or none.
    package let mark: [UInt8]
    /// The dialect, which the header tells.
    package let dialect: CSVDialect

    private static let blockSize = 1 << 16

    private let file: RegularFile
    private var block: [UInt8] = []
    private var position = 0
    /// Where the block ends in the file.
    private var blockEnd: Int
    private var line = 1

    /// Creates a reader at the start of the file.
    package init(_ file: RegularFile) throws(CSVFileError) {
        self.file = file
        mark = try Self.read(file, byteOrderMark.count, at: 0) == byteOrderMark ? byteOrderMark : []
        block = try Self.read(file, min(Self.blockSize, file.size - mark.count), at: mark.count)
        blockEnd = mark.count + block.count
        dialect = CSVDialect(ofHeader: block)
    }

    /// Reads the next record; returns nil at the end.
    ///
    /// A last record that breaks off in a quoted cell, as a killed process leaves it, has its complete cells only.
    ///
    /// - Throws: `CSVFileError` with the line of a record that is no CSV, or where the file cannot be read.
    package mutating func next() throws(CSVFileError) -> CSVRecord? {
        var record = CSVRecord(line: line, dialect)
        while true {
            if position == block.count {
                block = try Self.read(file, min(Self.blockSize, file.size - blockEnd), at: blockEnd)
                blockEnd += block.count
                position = 0
                guard !block.isEmpty else { break }
            }
            do throws(CSVError) {
                if try take(&record) { return record }
            } catch {
                throw CSVFileError(file.path, error)
            }
        }
        guard !record.bytes.isEmpty else { return nil }
        // A quote that spans lines may have swallowed whole records, so the record is not one that breaks off.
        if record.isOpen, !record.bytes.contains(UInt8(ascii: "\n")) { return record }
        do throws(CSVError) {
            try record.end()
        } catch {
            throw CSVFileError(file.path, error)
        }
        return record
    }

    /// Gives the bytes of the block to the record, up to its last.
    ///
    /// - Returns: Whether the record has ended.
    private mutating func take(_ record: inout CSVRecord) throws(CSVError) -> Bool {
        while position < block.count {
            let byte = block[position]
            position += 1
            if byte == 0 { throw .holdsNUL(line: line) }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if try record.take(byte) { return true }
        }
        return false
    }

    private static func read(_ file: RegularFile, _ count: Int, at offset: Int) throws(CSVFileError) -> [UInt8] {
        do {
            return try file.read(max(0, count), at: offset)
        } catch {
            throw CSVFileError(file.path, error.description)
        }
    }
}

/// A file that cannot be read as the comma-separated values that it should hold.
package struct CSVFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The path as it was given.
    package let path: String
    /// What is wrong, as a clause.
    package let problem: String

    package init(_ path: String, _ problem: String) {
        self.path = path
        self.problem = problem
    }

    package init(_ path: String, _ error: CSVError) {
        self.init(path, "line \(error.line) \(error.problem)")
    }

    /// One line, such as `cannot read "talk.csv": line 3 has text after a closing quote`.
    package var description: String { printable("cannot read \"\(path)\": \(problem)") }
}
