import Foundation
import Testing

@testable import EmotionEvaluation

struct DiarizationTests {
    private func turn(_ speaker: String, _ start: Double, _ end: Double) -> SpeakerTurn {
        SpeakerTurn(speaker: speaker, start: start, end: end)
    }

    private func rate(
        _ reference: [SpeakerTurn], _ hypothesis: [SpeakerTurn], collar: Double = 0, countsOverlap: Bool = true
    ) -> DiarizationErrorRate {
        var rate = DiarizationErrorRate()
        rate.add(reference: reference, hypothesis: hypothesis, collar: collar, countsOverlap: countsOverlap)
        return rate
    }

    private func expect(
        _ rate: DiarizationErrorRate, _ total: Double, missed: Double = 0, falseAlarm: Double = 0, confused: Double = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let pairs = [
            (rate.total, total), (rate.missed, missed), (rate.falseAlarm, falseAlarm), (rate.confused, confused),
        ]
        #expect(pairs.allSatisfy { abs($0 - $1) < 1e-9 }, "\(rate)", sourceLocation: sourceLocation)
    }

    /// Anna 0–10, Ben 10–20; found: x 1–12, y 12–21. Missed 0–1, confused 10–12, false alarm 20–21.
    @Test func eachKindOfErrorIsCountedApart() {
        let reference = [turn("anna", 0, 10), turn("ben", 10, 20)]
        let hypothesis = [turn("x", 1, 12), turn("y", 12, 21)]
        let all = rate(reference, hypothesis)
        expect(all, 20, missed: 1, falseAlarm: 1, confused: 2)
        #expect(abs(all.value - 0.2) < 1e-9)
        var counted = DiarizationErrorRate()
        let mapping = counted.add(reference: reference, hypothesis: hypothesis, collar: 0, countsOverlap: true)
        #expect(mapping == ["x": "anna", "y": "ben"])
    }

    /// The collar takes 0–0.25, 9.75–10.25, 19.75–20.25 of the above.
    @Test func theCollarIsOnEitherSideOfABoundary() {
        let found = rate(
            [turn("anna", 0, 10), turn("ben", 10, 20)], [turn("x", 1, 12), turn("y", 12, 21)], collar: 0.25)
        expect(found, 19, missed: 0.75, falseAlarm: 0.75, confused: 1.75)
    }

    @Test func overlappedSpeechCountsForEachSpeakerOrNotAtAll() {
        let reference = [turn("anna", 0, 6), turn("ben", 4, 10)]
        let hypothesis = [turn("x", 0, 5), turn("y", 5, 10)]
        expect(rate(reference, hypothesis), 12, missed: 2)
        expect(rate(reference, hypothesis, countsOverlap: false), 8)
    }

    /// A greedy choice would map x to anna (6 s in common) and y to nobody; the best is x to ben, y to anna.
    @Test func theMappingIsTheBestOneToOne() {
        let reference = [turn("anna", 0, 6), turn("ben", 6, 11), turn("anna", 11, 16)]
        let hypothesis = [turn("x", 0, 11), turn("y", 11, 16)]
        expect(rate(reference, hypothesis), 16, confused: 6)
        #expect(assignment(maximising: [[6, 5], [5, 0]]) == [1, 0])
        #expect(assignment(maximising: [[6, 5], [5, 0], [1, 9]]) == [0, nil, 1])
        #expect(assignment(maximising: [[Double]]()).isEmpty)
        #expect(assignment(maximising: [[], []]) == [nil, nil])
    }

    /// Every permutation of small random matrices, tried by brute force.
    @Test func theAssignmentIsBest() {
        func best(_ gains: [[Double]], _ row: Int, _ free: [Int]) -> Double {
            guard row < gains.count else { return 0 }
            let taken = free.map { column in gains[row][column] + best(gains, row + 1, free.filter { $0 != column }) }
            return max(
                free.count < gains.count - row ? best(gains, row + 1, free) : -.infinity, taken.max() ?? -.infinity)
        }
        var state: UInt64 = 7
        for index in 0..<200 {
            let (rows, columns) = (1 + index % 5, 1 + index / 5 % 5)
            let gains = (0..<rows).map { _ in
                (0..<columns).map { _ -> Double in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Double(state >> 60)
                }
            }
            let chosen = assignment(maximising: gains)
            let columnsChosen = chosen.compactMap(\.self)
            #expect(Set(columnsChosen).count == min(rows, columns) && columnsChosen.count == min(rows, columns))
            let sum = zip(gains, chosen).reduce(0) { sum, row in sum + (row.1.map { row.0[$0] } ?? 0) }
            #expect(sum == best(gains, 0, Array(0..<columns)), "\(gains)")
        }
    }

    @Test func turnsOfOneSpeakerThatOverlapAreOne() {
        expect(rate([turn("anna", 0, 3), turn("anna", 2, 5), turn("anna", 5, 6)], [turn("x", 0, 6)]), 6)
        expect(rate([], [turn("x", 0, 6)]), 0, falseAlarm: 6)
        #expect(rate([], []).value.isNaN)
    }

    // MARK: pyannote.metrics

    private struct Case: Decodable {
        struct Turn: Decodable {
            let turn: SpeakerTurn

            init(from decoder: any Decoder) throws {
                var cells = try decoder.unkeyedContainer()
                turn = SpeakerTurn(
                    speaker: try cells.decode(String.self), start: try cells.decode(Double.self),
                    end: try cells.decode(Double.self))
            }
        }

        struct Result: Decodable {
            let collar: Double
            let countsOverlap: Bool
            let total: Double
            let missed: Double
            let falseAlarm: Double
            let confused: Double
        }

        let reference: [Turn]
        let hypothesis: [Turn]
        let results: [Result]
    }

    /// Random turns with what pyannote.metrics says of them, written by Goldens/diarization.py.
    @Test func agreesWithPyannoteOnRandomTurns() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens/diarization.json")
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
        #expect(cases.count >= 40)
        for (index, one) in cases.enumerated() {
            for result in one.results {
                let found = rate(
                    one.reference.map(\.turn), one.hypothesis.map(\.turn), collar: result.collar,
                    countsOverlap: result.countsOverlap)
                let pairs = [
                    (found.total, result.total), (found.missed, result.missed), (found.falseAlarm, result.falseAlarm),
                    (found.confused, result.confused),
                ]
                #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 }, "case \(index), \(result): \(found)")
            }
        }
    }
}
