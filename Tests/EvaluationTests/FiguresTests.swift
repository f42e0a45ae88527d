import Evaluation
import Testing

struct FiguresTests {
    /// Six clips, by hand: angry 2 of 3 right, happy 1 of 2, sad 0 of 1, no neutral clip.
    private var figures: Figures {
        var figures = Figures()
        figures.add(truth: .angry, probabilities: [0.95, 0.03, 0.01, 0.01])
        figures.add(truth: .angry, probabilities: [0.55, 0.25, 0.1, 0.1])
        figures.add(truth: .angry, probabilities: [0.2, 0.58, 0.12, 0.1])
        figures.add(truth: .happy, probabilities: [0.1, 0.5, 0.3, 0.1])
        figures.add(truth: .happy, probabilities: [0.1, 0.2, 0.1, 0.6])
        figures.add(truth: .sad, probabilities: [0.05, 0.05, 0.65, 0.25])
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
        #expect(abs(figures.calibrationError - (nineties + fifties + sixties)) < 1e-12)
    }

    @Test func certaintyFallsIntoTheLastBinAndTiesGoToTheFirst() {
        var figures = Figures()
        figures.add(truth: .neutral, probabilities: [0, 0, 1, 0])
        #expect(figures.calibrationError == 0)
        figures.add(truth: .happy, probabilities: [0.25, 0.25, 0.25, 0.25])
        #expect(figures.confusion[1] == [1, 0, 0, 0])
        figures.add(truth: .happy, probabilities: [.nan, .nan, .nan, .nan])
        #expect(figures.clips == 3)
    }

    @Test func groupsKeepSpeakersOfOneNameApartByCorpus() {
        var grouped = GroupedFigures()
        for (corpus, speaker, right) in [("x", "03", true), ("y", "03", false), ("x", "08", true)] {
            grouped.add(
                LabelledClip(path: "p", speaker: speaker, emotion: .sad, corpus: corpus),
                probabilities: right ? [0.1, 0.1, 0.1, 0.7] : [0.7, 0.1, 0.1, 0.1])
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
