import EmotionCore
import Testing

@testable import EmotionStream

@Suite struct SilenceRemoverTests {
    private let pad = SilenceRemover.padding

    /// A window whose samples are their own indices.
    private func window(_ spoken: [Range<Int>], count: Int = 48_000) -> Window {
        let speech = Float(spoken.reduce(0) { $0 + $1.count }) / Float(count)
        return Window(
            start: 0, end: count, samples: (0..<count).map(Float.init), speech: speech, recentSpeech: speech,
            spoken: spoken, voices: [], level: -30)
    }

    private func values(_ range: Range<Int>) -> [Float] { range.map(Float.init) }

    @Test func speechIsConcatenatedAndRepeatedToAWindow() {
        let clip = SilenceRemover.clip(window([10_000..<14_000, 30_000..<35_000]), length: 48_000)
        let speech = values(10_000 - pad..<14_000 + pad) + values(30_000 - pad..<35_000 + pad)
        #expect(clip.count == 48_000)
        #expect(Array(clip.prefix(speech.count)) == speech)
        #expect(Array(clip.dropFirst(speech.count).prefix(speech.count)) == speech)
        #expect(clip.last == speech[(48_000 - 1) % speech.count])
    }

    @Test func aWindowThatIsMostlySpeechIsTakenWhole() {
        let whole = window([5000..<44_000])
        #expect(whole.speech > SilenceRemover.wholeFrom)
        #expect(SilenceRemover.clip(whole, length: 48_000) == whole.samples)
        let less = window([6000..<44_000])
        #expect(SilenceRemover.clip(less, length: 48_000) != less.samples)
    }

    @Test func paddedStretchesJoinAndStayInTheWindow() {
        let ranges = [100..<600, 20_000..<21_000, 21_000 + pad..<25_000, 47_900..<48_000]
        #expect(
            SilenceRemover.padded(ranges, within: 0..<48_000)
                == [0..<600 + pad, 20_000 - pad..<25_000 + pad, 47_900 - pad..<48_000])
    }

    @Test func aRecordingShorterThanAWindowIsFilledUpToAWindow() {
        let clip = SilenceRemover.clip(window([8000..<12_000], count: 20_000), length: 48_000)
        #expect(clip.count == 48_000)
        #expect(clip.first == Float(8000 - pad) && clip[4000 + 2 * pad] == clip[0])
    }

    @Test func paddingThatCoversTheWindowLeavesItUnchanged() {
        let window = window([1000..<3000, 6000..<8000], count: 10_000)
        #expect(window.speech < SilenceRemover.wholeFrom)
        #expect(SilenceRemover.clip(window, length: 48_000) == window.samples)
    }
}
