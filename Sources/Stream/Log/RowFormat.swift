import EmotionCore
import EmotionFiles

/// An encoding of rows as lines of text, CSV or JSON Lines.
public struct RowFormat: Equatable, Sendable {
    /// Whether each row of a window holds the network's four outputs.
    public let holdsLogits: Bool

    public init(holdsLogits: Bool = false) {
        self.holdsLogits = holdsLogits
    }

    /// The CSV header by RFC 4180, ended by CR LF.
    public var csvHeader: String { CSVWriter.record(Row.columns(self)) }

    /// Encodes a row as a CSV record by RFC 4180, ended by CR LF.
    public func csv(_ row: Row) -> String {
        let cells = row.fields(self).map { field in
            switch field {
            case .integer(let value): value.map { String($0) } ?? ""
            case .number(let value, let places): value.map { $0.fixed(places) } ?? ""
            case .word(let word): word ?? ""
            case .text(let text): text.map(CSVWriter.formulaSafeCell) ?? ""
            }
        }
        return CSVWriter.record(cells)
    }

    /// Encodes a row as a JSON object on one line, ended by LF; null where a column does not apply.
    public func json(_ row: Row) -> String {
        let members = zip(Row.columns(self), row.fields(self)).map { column, field in
            let value =
                switch field {
                case .integer(let value): value.map { String($0) } ?? "null"
                case .number(let value, let places): value.map { $0.fixed(places) } ?? "null"
                case .word(let word): word.map(jsonString) ?? "null"
                case .text(let text): text.map(jsonString) ?? "null"
                }
            return "\"\(column)\":\(value)"
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }
}
