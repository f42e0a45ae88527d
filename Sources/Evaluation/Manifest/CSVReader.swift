/// Comma-separated values by RFC 4180, a record at a time, from text that a stranger may have made. Lines may end in LF as
/// well as CRLF, empty lines are passed over.
struct CSVReader {
    /// Bytes that a record may have; a longer one is an error.
    static let maximumRecord = 65_536

    private let path: String
    private let bytes: [UInt8]
    private var position = 0
    private var lineAtPosition = 1
    /// Line on which the latest record begins, from 1.
    private(set) var line = 1

    /// - Parameter path: For messages.
    init(_ bytes: [UInt8], path: String) throws(EvaluationError) {
        self.path = path
        self.bytes = bytes
        if let place = bytes.firstIndex(of: 0) {
            throw EvaluationError(
                path, line: bytes[..<place].count { $0 == Self.newline } + 1, "holds a NUL byte, so it is no CSV",
                remedy: Manifest.shape)
        }
        // The byte order mark that spreadsheets put first.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The cells of the next record; nil at the end.
    mutating func next() throws(EvaluationError) -> [String]? {
        while skipLineEnd() {}
        guard position < bytes.count else { return nil }
        line = lineAtPosition
        let limit = position + Self.maximumRecord
        var cells = [try cell(limit)]
        while position < bytes.count, bytes[position] == Self.comma {
            position += 1
            try check(limit)
            cells.append(try cell(limit))
        }
        if position < bytes.count, !skipLineEnd() { throw failure("has text after a closing quote") }
        return cells
    }

    private mutating func cell(_ limit: Int) throws(EvaluationError) -> String {
        if position < bytes.count, bytes[position] == Self.quote { return try quoted(limit) }
        let start = position
        while position < bytes.count, ![Self.comma, Self.newline].contains(bytes[position]), !isReturnAtLineEnd {
            guard bytes[position] != Self.quote else { throw failure("has a quote inside a cell that is not quoted") }
            position += 1
            try check(limit)
        }
        return try text(bytes[start..<position])
    }

    private mutating func quoted(_ limit: Int) throws(EvaluationError) -> String {
        position += 1
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == Self.newline { lineAtPosition += 1 }
            if byte == Self.quote {
                // Two quotes are one within; one is the end.
                guard position < bytes.count, bytes[position] == Self.quote else { return try text(content[...]) }
                position += 1
            }
            content.append(byte)
            try check(limit)
        }
        throw failure("opens a quote that is never closed")
    }

    private func check(_ limit: Int) throws(EvaluationError) {
        guard position <= limit else { throw failure("is longer than \(Self.maximumRecord / 1024) KiB") }
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(EvaluationError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("is not UTF-8") }
        return text
    }

    private var isReturnAtLineEnd: Bool {
        bytes[position] == Self.carriageReturn
            && (position + 1 == bytes.count || bytes[position + 1] == Self.newline)
    }

    /// Passes over one LF or CRLF, if it is there.
    private mutating func skipLineEnd() -> Bool {
        guard position < bytes.count else { return false }
        if isReturnAtLineEnd { position += 1 }
        if position < bytes.count {
            guard bytes[position] == Self.newline else { return false }
            position += 1
            lineAtPosition += 1
        }
        return true
    }

    private func failure(_ problem: String) -> EvaluationError {
        EvaluationError(path, line: line, problem, remedy: Manifest.shape)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
