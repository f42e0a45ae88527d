import EmotionCore
import EmotionFiles

/// Rows as lines of text.
public struct RowFormat: Equatable, Sendable {
    /// Whether the session has two channels: then each row ends with its channel, empty where it is about both.
    public let isSplit: Bool

    public init(isSplit: Bool = false) {
        self.isSplit = isSplit
    }

    /// The CSV header line, RFC 4180: ended by CR LF.
    public var csvHeader: String { CSVWriter.record(Row.columns(isSplit: isSplit)) }

    /// A CSV line, RFC 4180: quoted where needed, ended by CR LF.
    public func csv(_ row: Row) -> String {
        let cells = row.fields(isSplit: isSplit).map { field in
            switch field {
            case .integer(let value): value.map { String($0) } ?? ""
            case .number(let value, let places): value.map { $0.fixed(places) } ?? ""
            case .word(let word): word ?? ""
            case .text(let text): CSVWriter.formulaSafeCell(text)
            }
        }
        return CSVWriter.record(cells)
    }

    /// A JSON object on one line, ended by LF; what does not apply is null.
    public func json(_ row: Row) -> String {
        let members = zip(Row.columns(isSplit: isSplit), row.fields(isSplit: isSplit)).map { column, field in
            let value =
                switch field {
                case .integer(let value): value.map { String($0) } ?? "null"
                case .number(let value, let places): value.map { $0.fixed(places) } ?? "null"
                case .word(let word): word.map(jsonString) ?? "null"
                case .text(let text): jsonString(text)
                }
            return "\"\(column)\":\(value)"
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }
}
