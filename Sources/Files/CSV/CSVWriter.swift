import EmotionCore

/// A writer of comma-separated values as text, in a dialect.
///
///     let writer = CSVWriter()
///     let record = writer.record([writer.cell("a,b.wav"), writer.number(0.25, places: 2)])   // "\"a,b.wav\",0.25\r\n"
package struct CSVWriter: Sendable {
    package let dialect: CSVDialect

    package init(_ dialect: CSVDialect = .rfc4180) {
        self.dialect = dialect
    }

    /// Joins the names of columns to the header of a file.
    package func header(_ columns: [String]) -> String { dialect.mark + record(columns) }

    /// Joins cells, already quoted where needed, to a record that ends in CR LF.
    package func record(_ cells: [String]) -> String {
        cells.joined(separator: String(Unicode.Scalar(dialect.separator))) + "\r\n"
    }

    /// Formats `text` as a cell that reads back byte for byte: quoted if it contains a quote, a separator or a line break.
    ///
    /// Use it for paths, which must not be changed to protect a spreadsheet.
    package func cell(_ text: String) -> String {
        Self.quoted(text, where: dialect == .rfc4180 ? "\",\r\n" : "\";\r\n")
    }

    /// Formats a number with exactly `places` decimals; empty for one that is not finite.
    package func number(_ value: Double, places: Int) -> String { decimal(value.fixed(places)) }

    /// Formats a number with as many digits as tell it from its neighbours.
    package func number(_ value: Float) -> String { decimal("\(value)") }

    private func decimal(_ number: String) -> String {
        dialect == .rfc4180 ? number : number.replacing(".", with: dialect.decimalMark)
    }

    /// Formats free text as a cell that no spreadsheet runs as a formula.
    ///
    /// An apostrophe is inserted before each `=`, `+`, `-`, `@` (also in full width), tab, carriage return and line
    /// feed that could begin a cell: at the start of the text, or after a comma, semicolon, tab or line break, where a
    /// spreadsheet of another locale may split the cell. Quotes, apostrophes and spaces in between do not change that.
    /// Removing the apostrophe before each such character gives the original text. (After OWASP, "CSV Injection".)
    package static func formulaSafeCell(_ text: String) -> String {
        var safe = ""
        var mayBegin = true
        for scalar in text.unicodeScalars {
            if mayBegin, formulaStarts.contains(scalar) { safe.unicodeScalars.append("'") }
            safe.unicodeScalars.append(scalar)
            mayBegin = separators.contains(scalar) || mayBegin && transparent.contains(scalar)
        }
        return quoted(safe, where: "\",;\r\n")
    }

    /// The text that `formulaSafeCell` was given, from the text of its cell.
    package static func plainText(ofSafe safe: String) -> String {
        var plain = String.UnicodeScalarView()
        var mayBegin = true
        for scalar in safe.unicodeScalars {
            if mayBegin, formulaStarts.contains(scalar), plain.last == "'" { plain.removeLast() }
            plain.append(scalar)
            mayBegin = separators.contains(scalar) || mayBegin && transparent.contains(scalar)
        }
        return String(plain)
    }

    private static func quoted(_ text: String, where special: String) -> String {
        guard text.utf8.contains(where: { special.utf8.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static let formulaStarts = Set("=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars)
    private static let separators = Set(",;\t\r\n".unicodeScalars)
    private static let transparent = Set("\"' ".unicodeScalars)
}
