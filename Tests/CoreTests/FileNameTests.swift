import EmotionCore
import Testing

@Suite struct FileNameTests {
    @Test(arguments: [
        "talk.wav", "caf\u{E9}.wav", "\u{65E5}\u{672C}.wav", "e\u{301}", "", "\u{10FE80}\u{10FEFF}", "\u{10FFFF}",
    ]) func everyTextIsItsOwnBytes(name: String) {
        let bytes = Array(name.utf8)
        #expect(FileName.bytes(FileName.text(bytes)) == bytes)
    }

    @Test func anyBytesComeBack() {
        let names: [[UInt8]] = [
            [0x63, 0xE9, 0x2E], [0xE9], [0xFF, 0xFE, 0x41], [0xC3], [0xC3, 0x28], [0xE2, 0x82],
            [0xF4, 0x8F, 0xBA, 0x80],
            [0xED, 0xA0, 0x80], Array(1...255),
        ]
        for name in names {
            let text = FileName.text(name)
            #expect(FileName.bytes(text) == name && text.cPath.map(UInt8.init(bitPattern:)) == name + [0])
            #expect(FileName.text(FileName.bytes(text)) == text)
        }
        #expect(printable(FileName.text([0x63, 0xE9])) == "c\u{FFFD}")
        #expect(FileName.unicode(FileName.text([0x63, 0xE9, 0x07])) == "c\u{FFFD}\u{07}")
    }
}
