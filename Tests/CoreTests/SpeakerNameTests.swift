import EmotionCore
import Testing

@Suite struct SpeakerNameTests {
    @Test(arguments: [
        "A", "Anna", "Anna B.", "dr. who-2", "a_b", "Zoë", "安娜", "-x", ".", "2nd", String(repeating: "x", count: 24),
    ])
    func aNameIsKeptAsItIs(name: String) {
        #expect(SpeakerName(name)?.description == name)
    }

    @Test(arguments: [
        "", " ", " A", "A ", "2", "12", "٣", "a,b", "a;b", "a\"b", "a\nb", "a\tb", "=1+1", "@a", "+1", "a/b",
        "\u{1B}[31m",
        "A\u{202E}", "Anna\u{200D}", "An\u{200B}na", String(repeating: "x", count: 25),
    ])
    func whatMayBreakALogOrStandsForALaneIsRefused(name: String) {
        #expect(SpeakerName(name) == nil)
    }

    /// One character may have any number of combining marks.
    @Test func aNameOfManyMarksIsRefused() {
        #expect(SpeakerName("e" + String(repeating: "\u{301}", count: 3)) != nil)
        #expect(SpeakerName("e" + String(repeating: "\u{301}", count: 400)) == nil)
    }

    @Test func speakersWithoutANameAreLettersAndThenLettersWithNumbers() {
        #expect(
            [0, 1, 25, 26, 27, 51, 52].map { SpeakerName(index: $0).description } == [
                "A", "B", "Z", "A2", "B2", "Z2", "A3",
            ])
        for index in 0..<200 {
            let name = SpeakerName(index: index).description
            #expect(SpeakerName(name)?.description == name)
        }
    }
}
