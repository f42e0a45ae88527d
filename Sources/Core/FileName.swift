/// Names of files as text. A name on Linux is bytes, of which not all are UTF-8, as in archives from Latin-1 systems.
///
/// Text stands for exactly one name: a byte that is no UTF-8 is a character of a private range, U+10FE80…U+10FEFF, and so is
/// each byte of such a character itself. `printable` shows them as U+FFFD.
package enum FileName {
    private static let first: UInt32 = 0x10_FE00

    /// The text of a name.
    package static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: \.isFileNameByte) {
            return text
        }
        var scalars = String.UnicodeScalarView()
        var rest = bytes[...]
        while let byte = rest.first {
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            let character = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars
            if let character, character.count == 1, let scalar = character.first, !scalar.isFileNameByte {
                scalars.append(scalar)
                rest = rest.dropFirst(length)
            } else {
                scalars.append(Unicode.Scalar(first + UInt32(byte)) ?? "\u{FFFD}")
                rest = rest.dropFirst()
            }
        }
        return String(scalars)
    }

    /// The bytes that a text stands for.
    package static func bytes(_ text: String) -> [UInt8] {
        guard text.unicodeScalars.contains(where: \.isFileNameByte) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar in
            scalar.isFileNameByte ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
        }
    }

    /// The name of a file without its folders; a path without a name as it is.
    package static func last(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The text for JSON and CSV, which are UTF-8: a byte that is not is U+FFFD.
    package static func unicode(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: \.isFileNameByte) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(scalar.isFileNameByte ? "\u{FFFD}" : scalar) }
        return String(result)
    }
}

extension String {
    /// The path as the system takes it, ended by a zero.
    package var cPath: [CChar] { FileName.bytes(self).map(CChar.init(bitPattern:)) + [0] }
}

extension Unicode.Scalar {
    /// Whether the character stands for a byte of a file's name.
    package var isFileNameByte: Bool { (0x10_FE80...0x10_FEFF).contains(value) }
}
