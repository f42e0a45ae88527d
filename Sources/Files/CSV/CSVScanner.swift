/// A scanner of comma-separated values by RFC 4180, or with another separator, that classifies one byte at a time.
///
/// It is a pure state machine that stores no bytes; the caller keeps those it needs. Records end in LF. A carriage
/// return before that LF is classified as content of an unquoted cell; the caller drops it.
///
///     var scanner = CSVScanner()
///     for byte in Array("1,\"a\"\n".utf8) { print(try scanner.scan(byte)) }
///     // content, cell, syntax, content, syntax, record
package struct CSVScanner: Sendable {
    /// The class of a byte.
    package enum Token: Sendable {
        /// A byte of the current cell's text.
        case content
        /// A quote, or a carriage return after a closing quote, which are not part of a cell's text.
        case syntax
        /// The separator that ends a cell.
        case cell
        /// The line feed that ends a record.
        case record
    }

    /// The reason why a byte is an error.
    package enum Fault: Error, Equatable, Sendable {
        /// A quote in a cell that does not begin with one.
        case quoteInCell
        /// Text between a closing quote and the end of its cell.
        case textAfterQuote
    }

    private enum State {
        case start, plain, quoted, quoteInQuoted, returnAfterQuote
    }

    private var state = State.start
    private let separator: UInt8

    package init(_ dialect: CSVDialect = .rfc4180) {
        separator = dialect.separator
    }

    /// Whether the current cell began with a quote that is not closed yet.
    package var isOpen: Bool { state == .quoted }

    /// Classifies the next byte.
    package mutating func scan(_ byte: UInt8) throws(Fault) -> Token {
        switch (state, byte) {
        case (.start, UInt8(ascii: "\"")):
            state = .quoted
            return .syntax
        case (.plain, UInt8(ascii: "\"")): throw .quoteInCell
        case (.quoted, UInt8(ascii: "\"")):
            state = .quoteInQuoted
            return .syntax
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            state = .quoted
            return .content
        case (.quoted, _): return .content
        case (.quoteInQuoted, UInt8(ascii: "\r")):
            state = .returnAfterQuote
            return .syntax
        case (_, UInt8(ascii: "\n")):
            state = .start
            return .record
        case (.start, separator), (.plain, separator), (.quoteInQuoted, separator):
            state = .start
            return .cell
        case (.quoteInQuoted, _), (.returnAfterQuote, _): throw .textAfterQuote
        case (.start, _), (.plain, _):
            state = .plain
            return .content
        }
    }
}
