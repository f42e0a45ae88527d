/// Free text as a CSV cell. A cell that a spreadsheet would run as a formula gets an apostrophe first.
public func csvCell(_ text: String) -> String {
    let formulaStarts = "=+-@\t\r".unicodeScalars
    let special = "\",\r\n".unicodeScalars
    let safe = text.unicodeScalars.first.map(formulaStarts.contains) == true ? "'" + text : text
    guard safe.unicodeScalars.contains(where: special.contains) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
}
