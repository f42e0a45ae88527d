import Testing

@testable import EmotionStream

@Suite struct SpeakerCountTests {
    @Test func aCountIsReadAsItIsWritten() {
        let counts = (1...8).map { SpeakerCount.exactly($0) } + [.automatic]
        for count in counts { #expect(SpeakerCount(word: count.word) == count) }
        #expect(counts.map(\.word) == ["1", "2", "3", "4", "5", "6", "7", "8", "auto"])
        #expect(counts.map(\.most) == [1, 2, 3, 4, 5, 6, 7, 8, 4])
    }

    @Test func otherWordsAreNoCount() {
        for word in ["", "0", "9", "-1", "+2", "02", " 2", "2.0", "Auto", "automatic", "٢"] {
            #expect(SpeakerCount(word: word) == nil, "\(word)")
        }
    }
}
