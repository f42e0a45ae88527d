/// Joins the bytes beyond ASCII that a terminal sends to characters, by UTF-8. A character whose bytes arrive in pieces is
/// kept until it is complete.
struct CharacterDecoder {
    private var bytes: [UInt8] = []

    /// Adds a byte, 0x80…0xFF.
    ///
    /// - Returns: The character that the byte completes; nil if more bytes are needed, or if the bytes make none.
    mutating func add(_ byte: UInt8) -> Character? {
        if !UTF8.isContinuation(byte) { bytes = [] }
        bytes.append(byte)
        guard bytes.count >= Self.length(first: bytes[0]) else { return nil }
        defer { bytes = [] }
        return String(validating: bytes, as: UTF8.self)?.first
    }

    /// Forgets an incomplete character, because another key came.
    mutating func reset() { bytes = [] }

    /// Returns the number of bytes of a character by its first one; 1 for a byte that begins none.
    private static func length(first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
