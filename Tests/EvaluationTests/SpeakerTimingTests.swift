import Testing

@testable import EmotionEvaluation

struct SpeakerTimingTests {
    private func turn(_ speaker: String, _ start: Double, _ end: Double) -> SpeakerTurn {
        SpeakerTurn(speaker: speaker, start: start, end: end)
    }

    /// Anna 0–10 and 20–30, Ben 10–20; x is Anna's voice, y Ben's.
    private func timing(_ shown: [SpeakerTurn], _ mapping: [String: String] = ["x": "anna", "y": "ben"])
        -> SpeakerTiming
    {
        var timing = SpeakerTiming()
        let truth = [turn("anna", 0, 10), turn("ben", 10, 20), turn("anna", 20, 30)]
        timing.add(reference: truth, shown: shown, mapping: mapping, seconds: 30)
        return timing
    }

    @Test func delaysRunFromTheFirstWordsToTheFirstTimeShown() {
        let timing = timing([turn("x", 0.5, 12), turn("y", 12, 19), turn("x", 21, 30)])
        #expect(timing.delays == [0.5, 2])
        #expect(timing.share(within: 1.5) == 0.5 && timing.medianDelay == 2)
        #expect(timing.rightCounts == 1 && timing.recordings == 1)
    }

    @Test func aSpeakerWhoIsNeverShownHasNoDelay() {
        let timing = timing([turn("x", 1, 30)], ["x": "anna"])
        #expect(timing.delays == [1, nil] && timing.rightCounts == 0)
        #expect(timing.share(within: 1.5) == 0.5 && timing.medianDelay == .infinity)
    }

    /// The switch to y at 5 s is wrong; so is that to a voice of nobody. That back to x is right, and so is a late one.
    @Test func aSwitchIsWrongWhereItsSpeakerDidNotSpeakJustBefore() {
        let timing = timing([
            turn("x", 0, 5), turn("y", 5, 6), turn("x", 6, 11), turn("y", 11, 14), turn("z", 14, 15), turn("y", 15, 20),
            turn("x", 21, 30),
        ])
        #expect(timing.wrongSwitches == 2 && timing.wrongSwitchesPerMinute == 4)
    }
}
