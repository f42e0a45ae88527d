import EmotionCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The JSON that commands print for machines.
enum JSONText {
    /// Encodes `value` as JSON on one line, with sorted keys in snake case.
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
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
