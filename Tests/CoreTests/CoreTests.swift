import EmotionCore
import Testing

@Suite struct EmotionScoresTests {
    private let scores = EmotionScores(angry: 0.25, happy: 0.5, neutral: 0.125, sad: 0.125)

    @Test func eachEmotionHasItsNumber() {
        #expect(Emotion.allCases.map { scores[$0] } == scores.values)
        #expect(Emotion.allCases.map(\.index) == [0, 1, 2, 3])
        #expect(EmotionScores { Float($0.index) }.values == [0, 1, 2, 3])
    }

    @Test func argmaxIsTheFirstOfEqualOnes() {
        #expect(scores.argmax == .happy)
        #expect(EmotionScores().argmax == .angry)
    }

    @Test func softmaxGivesProbabilitiesThatSumToOne() {
        let probabilities = EmotionScores(angry: 1000, happy: 1000, neutral: 999, sad: -1000).softmax
        #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-6)
        #expect(probabilities.angry == probabilities.happy && probabilities.sad == 0)
        #expect(abs(probabilities.neutral / probabilities.angry - 0.36787944) < 1e-6)
    }

    @Test func whatIsNoNumberIsNotFinite() {
        #expect(scores.isFinite && !EmotionScores(sad: .nan).isFinite && !EmotionScores(happy: .infinity).isFinite)
    }
}

@Suite struct DecisionTests {
    private let scores = EmotionScores(angry: 0.25, happy: 0.5, neutral: 0.125, sad: 0.125)

    @Test func belowTheThresholdNoEmotionIsNamed() {
        #expect(Decision(scores, unsureBelow: 0) == .emotion(.happy))
        #expect(Decision(scores, unsureBelow: 0.5) == .emotion(.happy), "the threshold itself is enough")
        #expect(Decision(scores, unsureBelow: 0.501) == .unsure)
        #expect(Decision(EmotionScores(), unsureBelow: 0) == .emotion(.angry))
        #expect(Decision.emotion(.sad).word == "sad" && Decision.unsure.word == "unsure")
        #expect(Decision.emotion(.sad).emotion == .sad && Decision.unsure.emotion == nil)
    }
}

@Suite struct PrintableTextTests {
    @Test func nothingCommandsTheTerminal() {
        #expect(printable("esc\u{1B}[31mred\n") == "esc\u{FFFD}[31mred\u{FFFD}")
        #expect(printable("\u{202E}fdp.exe\u{9B}") == "\u{FFFD}fdp.exe\u{FFFD}")
        #expect(printable("größe 😀 日本") == "größe 😀 日本")
    }
}
