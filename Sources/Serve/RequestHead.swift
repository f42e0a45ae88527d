/// The head of an HTTP request: its first line and the header fields that the server reads. Anything else is ignored, but
/// a head that is not well formed by RFC 9112 is refused whole.
struct RequestHead: Equatable {
    /// The longest head that is read, in bytes.
    static let limit = 16_384
    /// The end of a head.
    static let end = Array("\r\n\r\n".utf8)

    let method: String
    let path: String
    /// The values after `?`, as they are written.
    let query: [String: String]
    /// The header fields by their names in lower case.
    private let fields: [String: String]

    var host: String? { fields["host"]?.lowercased() }
    var lastEventID: String? { fields["last-event-id"] }

    /// The token that the client gave: `token` of the query, or `Authorization: Bearer`.
    var token: String? {
        if let token = query["token"] { return token }
        let words = (fields["authorization"] ?? "").split(separator: " ")
        return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
    }

    /// Reads a head.
    ///
    /// - Parameter bytes: All before the empty line.
    /// - Returns: nil where it is not well formed.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) || [0x09, 0x0A, 0x0D].contains($0) }) else { return nil }
        var lines = String(decoding: bytes, as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
        for index in lines.indices where index < lines.endIndex - 1 {
            guard lines[index].popLast() == "\r" else { return nil }
        }
        guard lines.allSatisfy({ !$0.contains("\r") }), let first = lines.first else { return nil }

        let words = first.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, ["HTTP/1.1", "HTTP/1.0"].contains(words[2]), words[1].hasPrefix("/"),
            !words[0].isEmpty, words[0].allSatisfy({ $0.isASCII && $0.isUppercase })
        else { return nil }
        method = words[0]
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(target[0])
        let pairs = (target.count > 1 ? target[1] : "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        query = Dictionary(pairs, uniquingKeysWith: { first, _ in first })

        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
            let name = String(line[..<colon])
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || "!#$%&'*+-.^_`|~".contains($0) }) else { return nil }
            let value = line[colon...].dropFirst().drop { $0 == " " || $0 == "\t" }
            let isNew = fields.updateValue(Self.trimmed(value), forKey: name.lowercased()) == nil
            // A second Host would be checked in place of the first.
            guard isNew || name.lowercased() != "host" else { return nil }
        }
        self.fields = fields
    }

    private static func trimmed(_ text: Substring.UnicodeScalarView) -> String {
        var text = text
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
