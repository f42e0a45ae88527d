/// Comma-separated values by RFC 4180, as text.
///
///     let record = CSVWriter.record([CSVWriter.cell("a,b.wav"), "0.25"])   // "\"a,b.wav\",0.25\r\n"
package enum CSVWriter {
    /// A record of cells that need no quotes or have them already, ended by CR LF.
    package static func record(_ cells: [String]) -> String { cells.joined(separator: ",") + "\r\n" }

    /// `text` as a cell that reads back byte for byte: quoted where it holds a quote, a comma or a line break.
    ///
    /// A path goes through this: it is never changed to please a spreadsheet.
    package static func cell(_ text: String) -> String { quoted(text, where: "\",\r\n") }

    /// Free text as a cell that no spreadsheet runs as a formula.
    ///
    /// An apostrophe goes before each `=`, `+`, `-`, `@` (in full width too), tab, carriage return and line feed with which
    /// a cell could begin: at the start of the text, or after a comma, semicolon, tab or line break, at which a
    /// spreadsheet of another locale may split the cell; quotes, apostrophes and spaces in between do not change that.
    /// Nothing is lost: taking the apostrophe before each such character away again gives the text. (After OWASP, "CSV
    /// Injection".)
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

    private static func quoted(_ text: String, where special: String) -> String {
        guard text.utf8.contains(where: { special.utf8.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static let formulaStarts = Set("=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars)
    private static let separators = Set(",;\t\r\n".unicodeScalars)
    private static let transparent = Set("\"' ".unicodeScalars)
}
