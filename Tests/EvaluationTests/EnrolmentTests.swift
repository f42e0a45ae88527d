import EmotionCore
import EmotionEvaluation
import Testing

@Suite struct EnrolmentTests {
    private func reading(
        _ speaker: String, _ emotion: Emotion, _ angry: Float, corpus: String = "x"
    ) -> ClipReading {
        ClipReading(
            clip: LabelledClip(path: "\(speaker)\(angry).wav", speaker: speaker, emotion: emotion, corpus: corpus),
            logits: EmotionScores(angry: angry), seconds: 3)
    }

    @Test func theFirstNeutralClipsOfEachVoiceAreItsReference() {
        let readings = [
            reading("a", .sad, 9), reading("a", .neutral, 1), reading("b", .neutral, 5), reading("a", .neutral, 3),
            reading("a", .neutral, 7), reading("c", .angry, 2), reading("a", .neutral, 4, corpus: "y"),
        ]
        let enrolment = Enrolment(readings, clips: 2)
        #expect(enrolment.references == [1, 2, 3, 6])
        let expected = VoiceBaseline(logits: EmotionScores(angry: 2), seconds: 6)
        #expect(enrolment.baseline(of: readings[0].clip) == expected, "the mean of the first two")
        #expect(enrolment.baseline(of: readings[2].clip)?.seconds == 3, "a voice with one neutral clip gives one")
        #expect(enrolment.baseline(of: readings[5].clip) == nil, "a voice without a neutral clip has none")
        #expect(enrolment.baseline(of: readings[6].clip)?.logits.angry == 4, "another corpus is another voice")
    }

    @Test func withoutClipsNothingIsAReference() {
        let enrolment = Enrolment([reading("a", .neutral, 1)], clips: 0)
        #expect(enrolment.references.isEmpty && enrolment.baseline(of: reading("a", .sad, 1).clip) == nil)
    }
}
