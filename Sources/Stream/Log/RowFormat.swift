/// Rows as lines of text.
public enum RowFormat {
    /// The CSV header line, RFC 4180: ended by CR LF.
    public static let csvHeader = Row.columns.joined(separator: ",") + "\r\n"

    /// A CSV line, RFC 4180: quoted where needed, ended by CR LF.
    public static func csv(_ row: Row) -> String {
        row.fields.map { field in
            switch field {
            case .integer(let value): String(value)
            case .number(let value, let places): value.map { $0.fixed(places) } ?? ""
            case .word(let word): word ?? ""
            case .text(let text): csvCell(text)
            }
        }.joined(separator: ",") + "\r\n"
    }

    /// A JSON object on one line, ended by LF; what does not apply is null.
    public static func json(_ row: Row) -> String {
        let members = zip(Row.columns, row.fields).map { column, field in
            let value =
                switch field {
                case .integer(let value): String(value)
                case .number(let value, let places): value.map { $0.fixed(places) } ?? "null"
                case .word(let word): word.map(jsonString) ?? "null"
                case .text(let text): jsonString(text)
                }
            return "\"\(column)\":\(value)"
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }
}
