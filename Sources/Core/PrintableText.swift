/// Replaces each character that could control a terminal or reorder a line by U+FFFD: control characters, line
/// separators, zero-width spaces and joiners, marks of writing direction, and bytes of a file's name that are no UTF-8.
///
/// Untrusted text, such as a file's name, is passed through it before it is shown. U+200D, which joins emoji, is kept.
package func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(scalar.isPrintable ? scalar : "\u{FFFD}") }
    return String(result)
}

extension Unicode.Scalar {
    /// Whether the character is kept by `printable`.
    package var isPrintable: Bool {
        switch value {
        case 0x200B...0x200C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: false
        case 0x10FE80...0x10FEFF: false
        default: properties.generalCategory != .control
        }
    }
}
