import Testing

@testable import EmotionTUI

@Suite struct CharacterDecoderTests {
    /// Returns what the bytes give one by one, without the nils.
    private func decode(_ bytes: [UInt8]) -> String {
        var decoder = CharacterDecoder()
        return String(bytes.compactMap { decoder.add($0) })
    }

    @Test(arguments: ["é", "łüßéŻ", "日本", "🙂", "\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"])
    func charactersArriveWhole(text: String) {
        #expect(decode(Array(text.utf8)) == text)
    }

    @Test func bytesThatMakeNoCharacterAreDropped() {
        #expect(decode([0xA9]) == "", "a continuation alone")
        #expect(decode([0xC3, 0xC3, 0xA9]) == "é", "a first byte in place of a continuation")
        #expect(decode([0xC0, 0x80, 0xC3, 0xA9]) == "é", "an overlong form")
        #expect(decode([0xED, 0xA0, 0x80, 0xC3, 0xA9]) == "é", "half a surrogate pair")
        #expect(decode([0xF5, 0x80, 0x80, 0x80, 0xFF, 0xC3, 0xA9]) == "é", "beyond Unicode")
    }

    @Test func anotherKeyEndsAnIncompleteCharacter() {
        var decoder = CharacterDecoder()
        #expect(decoder.add(0xC3) == nil)
        decoder.reset()
        #expect(decoder.add(0xA9) == nil)
        #expect(decoder.add(0xC3) == nil)
        #expect(decoder.add(0xA9) == "é", "the first byte is kept until the second comes")
    }
}
