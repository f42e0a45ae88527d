import EmotionCore
import EmotionFiles

/// An encoding of rows as lines of text, CSV or JSON Lines.
public struct RowFormat: Equatable, Sendable {
    /// Whether each row of a window holds the network's four outputs.
    public let holdsLogits: Bool
    /// The dialect of CSV; JSON has none.
    package let dialect: CSVDialect

    /// Creates an encoding whose CSV is that of RFC 4180.
    public init(holdsLogits: Bool = false) {
        self.init(holdsLogits: holdsLogits, dialect: .rfc4180)
    }

    package init(holdsLogits: Bool, dialect: CSVDialect) {
        (self.holdsLogits, self.dialect) = (holdsLogits, dialect)
    }

    /// The CSV header, ended by CR LF.
    public var csvHeader: String { CSVWriter(dialect).header(Row.columns(self)) }

    /// Encodes a row as a CSV record, ended by CR LF.
    public func csv(_ row: Row) -> String {
        let writer = CSVWriter(dialect)
        return writer.record(row.fields(self).map { $0.cell(writer) })
    }

    /// Encodes a row as a JSON object on one line, ended by LF; null where a column does not apply.
    public func json(_ row: Row) -> String { Field.object(Row.columns(self), row.fields(self)) }
}
