import EmotionCore
import Testing

@Suite struct BaselineCorrectionTests {
    private let correction = BaselineCorrection(doubt: 1.5, usual: EmotionScores(neutral: 1))

    @Test(arguments: [(3.0, 0.4), (9.0, 2.0 / 3), (60.0, 20 / 21.5), (600.0, 20 / 21.5)])
    func theOffsetIsBelievedByTheSecondsHeard(seconds: Double, share: Double) {
        let logits = EmotionScores(angry: 1, happy: 2, neutral: 3, sad: 4)
        let baseline = VoiceBaseline(
            logits: EmotionScores(angry: 1, happy: -1, neutral: 0.5, sad: 0.5), seconds: seconds)
        let corrected = correction.apply(to: logits, baseline)
        for emotion in Emotion.allCases {
            let wanted = Double(logits[emotion]) - share * Double(baseline.logits[emotion] - correction.usual[emotion])
            #expect(abs(Double(corrected[emotion]) - wanted) < 1e-5, "\(emotion)")
        }
    }

    /// The open weights, which name no correction of their own, have a threshold of 0.65.
    @Test func standardIsAVoiceThatReadsAsNeutral() {
        let neutral = BaselineCorrection.standard.usual.softmax.neutral
        #expect(neutral > 0.65 && neutral < 0.7, "\(neutral)")
    }

    @Test func withoutSpeechNothingIsMoved() {
        let logits = EmotionScores(angry: 1, happy: 2, neutral: 3, sad: 4)
        #expect(correction.apply(to: logits, nil) == logits)
        #expect(correction.apply(to: logits, VoiceBaseline(logits: EmotionScores(sad: 9), seconds: 0)) == logits)
    }

    @Test func anOffsetBeyondReasonIsBounded() {
        let baseline = VoiceBaseline(logits: EmotionScores(angry: 1000), seconds: 600)
        let corrected = correction.apply(to: EmotionScores(), baseline)
        #expect(corrected.angry == -correction.limit && corrected.isFinite)
    }

    @Test func aMeanIsWeightedBySecondsAndLeavesOutTheLeastNeutral() {
        let mean = VoiceBaseline(mean: [
            VoiceBaseline(logits: EmotionScores(angry: 1), seconds: 1),
            VoiceBaseline(logits: EmotionScores(angry: 4), seconds: 2),
        ])
        #expect(mean == VoiceBaseline(logits: EmotionScores(angry: 3), seconds: 3))
        #expect(VoiceBaseline(mean: [VoiceBaseline]()) == nil)
        let neutral = (0..<4).map { _ in
            (part: VoiceBaseline(logits: EmotionScores(neutral: 2), seconds: 1), neutral: Float(0.8))
        }
        let shout = (part: VoiceBaseline(logits: EmotionScores(angry: 9), seconds: 1), neutral: Float(0.1))
        #expect(VoiceBaseline(mostNeutral: [shout] + neutral)?.logits == EmotionScores(neutral: 2))
    }
}
