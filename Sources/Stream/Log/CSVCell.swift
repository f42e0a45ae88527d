/// Free text as a CSV cell that no spreadsheet runs as a formula.
///
/// An apostrophe goes before each `=`, `+`, `-`, `@` (in full width too), tab, carriage return and line feed with which a
/// cell could begin: at the start of the text, or after a comma, semicolon, tab or line break, at which a spreadsheet of
/// another locale may split the cell; quotes, apostrophes and spaces in between do not change that. Nothing is lost:
/// taking the apostrophe before each such character away again gives the text. (After OWASP, "CSV Injection".)
public func csvCell(_ text: String) -> String {
    var safe = ""
    var mayBegin = true
    for scalar in text.unicodeScalars {
        if mayBegin, formulaStarts.contains(scalar) { safe.unicodeScalars.append("'") }
        safe.unicodeScalars.append(scalar)
        mayBegin = separators.contains(scalar) || mayBegin && transparent.contains(scalar)
    }
    guard safe.unicodeScalars.contains(where: quotable.contains) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
}

private let formulaStarts = Set("=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars)
private let separators = Set(",;\t\r\n".unicodeScalars)
private let transparent = Set("\"' ".unicodeScalars)
private let quotable = Set("\",;\r\n".unicodeScalars)
