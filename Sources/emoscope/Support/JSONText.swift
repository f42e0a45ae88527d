import EmotionCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The JSON that commands print for machines, and that files hold; names are in snake case.
enum JSONText {
    /// Encodes `value` as JSON on one line, with sorted keys.
    static func line(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value, []), as: UTF8.self)
    }

    /// Encodes `value` as the content of a file: indented JSON with sorted keys and a line end.
    static func file(_ value: some Encodable) throws -> [UInt8] {
        Array(try encode(value, .prettyPrinted)) + [UInt8(ascii: "\n")]
    }

    /// Decodes the content of a file.
    static func decode<Value: Decodable>(_ bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Value.self, from: Data(bytes))
    }

    private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        return try encoder.encode(value)
    }
}

/// A number rounded to a count of decimals; null where it is not finite, because JSON has no such numbers.
struct RoundedNumber: Encodable {
    let value: Double?

    init(_ value: Double, places: Int) {
        self.value = Double(value.fixed(places))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

extension EmotionScores {
    /// The scores by the emotion's name.
    func rounded(places: Int) -> [String: RoundedNumber] {
        let pairs = Emotion.allCases.map { ($0.rawValue, RoundedNumber(Double(self[$0]), places: places)) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
