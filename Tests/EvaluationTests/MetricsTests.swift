import EmotionCore
import EmotionEvaluation
import Testing

struct MetricsTests {
    /// Six clips by hand: angry 2 of 3 right, happy 1 of 2, sad 0 of 1, no neutral clip.
    private var figures: ClassificationMetrics {
        var figures = ClassificationMetrics()
        figures.add(truth: .angry, probabilities: EmotionScores(angry: 0.95, happy: 0.03, neutral: 0.01, sad: 0.01))
        figures.add(truth: .angry, probabilities: EmotionScores(angry: 0.55, happy: 0.25, neutral: 0.1, sad: 0.1))
        figures.add(truth: .angry, probabilities: EmotionScores(angry: 0.2, happy: 0.58, neutral: 0.12, sad: 0.1))
        figures.add(truth: .happy, probabilities: EmotionScores(angry: 0.1, happy: 0.5, neutral: 0.3, sad: 0.1))
        figures.add(truth: .happy, probabilities: EmotionScores(angry: 0.1, happy: 0.2, neutral: 0.1, sad: 0.6))
        figures.add(truth: .sad, probabilities: EmotionScores(angry: 0.05, happy: 0.05, neutral: 0.65, sad: 0.25))
        return figures
    }

    @Test func countsByTruthAndAnswer() {
        #expect(figures.confusion == [[2, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 1, 0]])
        #expect(figures.clips == 6)
        #expect(figures.accuracy == 0.5)
    }

    @Test func averagesRecallOverTheLabelsThatOccur() {
        #expect(figures.recall(.angry) == 2.0 / 3)
        #expect(figures.recall(.happy) == 0.5)
        #expect(figures.recall(.neutral) == nil)
        #expect(figures.recall(.sad) == 0)
        #expect(abs(figures.uar - (2.0 / 3 + 0.5) / 3) < 1e-12)
    }

    /// Bin 0.9–1: one right at 0.95. Bin 0.5–0.6: 0.55 right, 0.58 wrong, 0.5 right. Bin 0.6–0.7: 0.6 and 0.65 wrong.
    @Test func calibrationIsTheDistanceOfConfidenceFromAccuracyByBin() {
        let nineties = (1 - 0.95) * 1 / 6
        let fifties = (2.0 / 3 - (0.55 + 0.58 + 0.5) / 3) * 3 / 6
        let sixties = (1.25 / 2 - 0) * 2 / 6
        #expect(abs(figures.calibrationError - (nineties + fifties + sixties)) < 1e-7)
    }

    @Test func certaintyFallsIntoTheLastBinAndTiesGoToTheFirst() {
        var figures = ClassificationMetrics()
        figures.add(truth: .neutral, probabilities: EmotionScores(neutral: 1))
        #expect(figures.calibrationError == 0)
        figures.add(truth: .happy, probabilities: EmotionScores(angry: 0.25, happy: 0.25, neutral: 0.25, sad: 0.25))
        #expect(figures.confusion[1] == [1, 0, 0, 0])
        figures.add(truth: .happy, probabilities: EmotionScores(angry: .nan, happy: .nan, neutral: .nan, sad: .nan))
        #expect(figures.clips == 3)
    }

    @Test func groupsKeepSpeakersOfOneNameApartByCorpus() {
        var grouped = GroupedMetrics()
        for (corpus, speaker, right) in [("x", "03", true), ("y", "03", false), ("x", "08", true)] {
            grouped.add(
                LabelledClip(path: "p", speaker: speaker, emotion: .sad, corpus: corpus),
                probabilities: right ? EmotionScores(angry: 0.3, sad: 0.7) : EmotionScores(angry: 0.7, sad: 0.3))
        }
        #expect(grouped.all.clips == 3)
        #expect(grouped.corpora.mapValues(\.accuracy) == ["x": 1, "y": 0])
        #expect(grouped.speakers["x"]?.mapValues(\.clips) == ["03": 1, "08": 1])
        #expect(grouped.speakers["y"]?["03"]?.accuracy == 0)
    }

    @Test func theMiddleWindowIsTheMiddleOrTheClipRepeated() {
        let ramp = (0..<11).map(Float.init)
        #expect(MiddleWindow.cut(ramp, length: 4) == [3, 4, 5, 6])
        #expect(MiddleWindow.cut(ramp, length: 11) == ramp)
        #expect(MiddleWindow.cut([1, 2, 3], length: 7) == [1, 2, 3, 1, 2, 3, 1])
    }
}
