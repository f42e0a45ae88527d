/// A dialect of comma-separated values: the separator of cells and the decimal mark of numbers.
package enum CSVDialect: String, CaseIterable, Sendable {
    /// RFC 4180: commas between cells, a decimal point.
    case rfc4180
    /// As Excel and other spreadsheets expect it where the decimal mark is a comma: semicolons between cells, a decimal
    /// comma, and a byte order mark at the start, without which Excel takes the text for another encoding than UTF-8.
    case excelEU = "excel-eu"

    /// The byte between two cells.
    package var separator: UInt8 { self == .rfc4180 ? UInt8(ascii: ",") : UInt8(ascii: ";") }

    /// The mark between the whole and the fractional part of a number.
    var decimalMark: String { self == .rfc4180 ? "." : "," }

    /// What stands before the header of a file.
    var mark: String { self == .rfc4180 ? "" : "\u{FEFF}" }

    /// Tells the dialect of a file from its first bytes, by the first comma or semicolon of the header that is not quoted.
    ///
    /// A header of one column is that of RFC 4180.
    package init(ofHeader bytes: some Sequence<UInt8>) {
        var isQuoted = false
        var hasContent = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case _ where isQuoted: break
            case UInt8(ascii: ","):
                self = .rfc4180
                return
            case UInt8(ascii: ";"):
                self = .excelEU
                return
            case UInt8(ascii: "\n") where hasContent:
                self = .rfc4180
                return
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"): continue
            default: break
            }
            hasContent = true
        }
        self = .rfc4180
    }

    /// The number that a cell holds; nil where it holds none, or one that is not finite.
    package func number(_ cell: String) -> Double? {
        let text = self == .rfc4180 ? cell : cell.replacing(",", with: ".")
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }
}
