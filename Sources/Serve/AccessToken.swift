/// The secret that a client of the server must give with each request.
package struct AccessToken: Sendable {
    /// The lengths of a token that is given, in characters.
    package static let lengths = 16...128

    /// The characters of a token: those that a URL holds as they are.
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The token, which also is a part of a URL.
    package let text: String

    /// Makes a random token of 132 bits, from the kernel's generator.
    package init() {
        var generator = SystemRandomNumberGenerator()
        text = String(decoding: (0..<22).map { _ in Self.alphabet.randomElement(using: &generator)! }, as: UTF8.self)
    }

    /// - Returns: nil where `text` is too short or too long, or holds other characters than letters, digits, `-` and `_`.
    package init?(_ text: String) {
        guard Self.lengths.contains(text.utf8.count), text.utf8.allSatisfy(Self.alphabet.contains) else { return nil }
        self.text = text
    }

    /// Whether a client gave this token. The time does not depend on where the two differ.
    func matches(_ given: String) -> Bool {
        let (expected, given) = (Array(text.utf8), Array(given.utf8))
        guard expected.count == given.count else { return false }
        return zip(expected, given).reduce(UInt8(0)) { $0 | $1.0 ^ $1.1 } == 0
    }
}
