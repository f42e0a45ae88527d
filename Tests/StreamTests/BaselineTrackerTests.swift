import EmotionCore
import Testing

@testable import EmotionStream

@Suite struct BaselineTrackerTests {
    private let usual = BaselineCorrection.standard.usual

    private func tracker(_ mode: BaselineMode) -> BaselineTracker { BaselineTracker(mode, .standard, channel: 0) }

    /// A voice whose every neutral window reads as sad.
    private var sadVoice: EmotionScores { EmotionScores(angry: -1, happy: -1, neutral: 0, sad: 2) }

    @Test func withoutABaselineTheLogitsStand() {
        var tracker = tracker(.none)
        for _ in 0..<100 { #expect(tracker.read(sadVoice, seconds: 0.5) == sadVoice.softmax) }
        #expect(tracker.state == .none)
    }

    @Test func aVoiceThatAlwaysSoundsSadIsLearnedToBeNeutral() {
        var tracker = tracker(.automatic)
        #expect(tracker.read(sadVoice, seconds: 0.5).argmax == .sad, "nothing is known yet")
        for _ in 0..<39 { _ = tracker.read(sadVoice, seconds: 0.5) }
        #expect(tracker.state == .automatic, "20 s were heard")
        #expect(tracker.read(sadVoice, seconds: 0.5).argmax == .neutral)
        // An emotion stands out from the voice's own normal.
        let shouted = EmotionScores(angry: 3, happy: 0, neutral: -1, sad: 0)
        #expect(tracker.read(shouted, seconds: 0.5).argmax == .angry)
    }

    @Test func someEmotionalWindowsDoNotMoveWhatIsLearned() {
        var (calm, mixed) = (tracker(.automatic), tracker(.automatic))
        for index in 0..<100 {
            _ = calm.read(sadVoice, seconds: 0.5)
            _ = mixed.read(index % 6 == 5 ? EmotionScores(angry: 6) : sadVoice, seconds: 0.5)
        }
        #expect(calm.read(sadVoice, seconds: 0.5) == mixed.read(sadVoice, seconds: 0.5))
    }

    @Test func takingNeedsSpeechAndStays() {
        var tracker = tracker(.automatic)
        for _ in 0..<5 { _ = tracker.read(sadVoice, seconds: 0.5) }
        #expect(tracker.take() == nil && tracker.state == .learning(seconds: 2.5))
        for _ in 0..<60 { _ = tracker.read(sadVoice, seconds: 0.5) }
        #expect(tracker.take() == 20)
        let taken = tracker.read(sadVoice, seconds: 0.5)
        for _ in 0..<60 { _ = tracker.read(usual, seconds: 0.5) }
        #expect(tracker.state == .session && tracker.read(sadVoice, seconds: 0.5) == taken)
    }

    @Test func aGivenBaselineStands() {
        let baseline = VoiceBaseline(logits: sadVoice, seconds: 20)
        var tracker = tracker(.given([GivenBaseline(baseline, .profile("anna"))]))
        let first = tracker.read(sadVoice, seconds: 0.5)
        for _ in 0..<100 { _ = tracker.read(usual, seconds: 0.5) }
        #expect(tracker.state.word == "anna" && tracker.read(sadVoice, seconds: 0.5) == first)
        #expect(first.argmax == .neutral)
    }

    /// A minute of another voice takes the place of the first.
    @Test func whatIsLearnedIsTheNewestMinute() {
        var (both, second) = (tracker(.automatic), tracker(.automatic))
        for _ in 0..<200 { _ = both.read(sadVoice, seconds: 0.5) }
        for _ in 0..<120 {
            _ = both.read(EmotionScores(angry: 1, sad: -1), seconds: 0.5)
            _ = second.read(EmotionScores(angry: 1, sad: -1), seconds: 0.5)
        }
        #expect(both.read(usual, seconds: 0.5) == second.read(usual, seconds: 0.5))
    }
}
