import EmotionFiles

/// The end of an existing log: where its last whole row ends, and which number follows.
struct LogTail {
    /// Bytes up to the end of the last whole row.
    private(set) var end: Int
    /// Number of the next row.
    private(set) var nextSequence = 0
    /// The dialect of the log.
    let dialect: CSVDialect

    private static let block = 1 << 16
    /// Limit on the bytes of an unfinished row; a longer one means damage other than a row cut short.
    private static let longestRow = 1 << 14

    /// Reads all of `file` in blocks, because a quoted note may contain line breaks.
    ///
    /// A partial row at the end, as a killed process leaves, lies after `end`.
    ///
    /// - Throws: `FileError` where the header is not that of `format`, in any dialect, or a row is malformed.
    init(_ file: OutputFile, _ format: RowFormat) throws(FileError) {
        (dialect, end) = try Self.header(of: file, format)
        var position = end
        var row = RowStart(dialect)
        while true {
            let bytes = try file.read(Self.block, at: position)
            for byte in bytes {
                position += 1
                do throws(Refusal) {
                    if let number = try row.take(byte) {
                        (end, nextSequence) = (position, number + 1)
                        row = RowStart(dialect)
                    }
                    if position - end > Self.longestRow { throw Refusal("does not end") }
                } catch {
                    throw Self.refused(file, "the row that begins at byte \(end) \(error.problem)")
                }
            }
            guard bytes.count == Self.block else { break }
        }
        // A partial row with a line break may be several rows after an unmatched quote, so it is not cut off.
        if row.holdsBreak { throw Self.refused(file, "the row that begins at byte \(end) does not end") }
    }

    /// Finds the dialect of the header, and where the header ends.
    private static func header(
        of file: OutputFile, _ format: RowFormat
    ) throws(FileError) -> (dialect: CSVDialect, end: Int) {
        for holdsLogits in [format.holdsLogits, !format.holdsLogits] {
            for dialect in CSVDialect.allCases {
                let header = Array(RowFormat(holdsLogits: holdsLogits, dialect: dialect).csvHeader.utf8)
                guard try file.read(header.count, at: 0) == header else { continue }
                guard holdsLogits == format.holdsLogits else {
                    throw refused(
                        file, "it is the log of a session with\(format.holdsLogits ? "out" : "") --log-logits")
                }
                return (dialect, header.count)
            }
        }
        throw refused(file, "its columns are not those of a log of this version")
    }

    private static func refused(_ file: OutputFile, _ problem: String) -> FileError {
        FileError(
            file.path, cannot: "append to", because: problem, advice: "choose another name, or --force to replace it")
    }
}

/// A problem with a row, worded as the predicate of a sentence.
private struct Refusal: Error {
    let problem: String

    init(_ problem: String) {
        self.problem = problem
    }
}

/// A parser of one row, a byte at a time, that returns the row's number.
private struct RowStart {
    private var scanner: CSVScanner
    private var isFirstCell = true
    private var number: Int?
    private var isNumber = true
    /// Whether a cell of the row spans lines.
    private(set) var holdsBreak = false

    init(_ dialect: CSVDialect) {
        scanner = CSVScanner(dialect)
    }

    /// Parses the next byte of the row.
    ///
    /// - Returns: The row's number at its last byte, else nil.
    mutating func take(_ byte: UInt8) throws(Refusal) -> Int? {
        let token: CSVScanner.Token
        do { token = try scanner.scan(byte) } catch { throw Refusal("has quotes that are not as in CSV") }
        switch token {
        case .content:
            if byte == UInt8(ascii: "\n") { holdsBreak = true }
            if isFirstCell { try addDigit(byte) }
        case .syntax: break
        case .cell: isFirstCell = false
        case .record:
            // Only whole rows are checked: a partial row may hold anything.
            guard !isFirstCell, isNumber, let number else { throw Refusal("does not begin with its number") }
            return number
        }
        return nil
    }

    private mutating func addDigit(_ byte: UInt8) throws(Refusal) {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
            isNumber = false
            return
        }
        guard number ?? 0 < Int.max / 100 else { throw Refusal("has a number out of range") }
        number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
    }
}
