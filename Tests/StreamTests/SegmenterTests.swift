import EmotionCore
import Testing

@testable import EmotionStream

/// The rules by which overlapping windows become segments.
@Suite struct SegmenterTests {
    /// The row of a window, over seconds of the recording.
    private func row(
        _ start: Double, _ end: Double, _ label: SegmentLabel, by speaker: String? = nil, probability: Float = 0.7
    ) -> Row {
        let status: RowStatus =
            switch label {
            case .speech: .ok
            case .silence: .silence
            case .overlap: .overlap
            case .unread: .failed
            }
        var row = Row(start: start, end: end, wallEnd: .now, status: status)
        row.level = -30
        row.speaker = speaker
        if case .speech(let decision) = label {
            row.decision = decision
            // The smoothed label is another one.
            row.smoothedDecision = .emotion(.sad)
            row.scores = EmotionScores { $0 == decision.emotion ?? .angry ? probability : (1 - probability) / 3 }
            row.baseline = BaselineState.none
        }
        return row
    }

    private func segments(_ rows: [Row], minimum: Double = 0) -> [Segment] {
        var segmenter = Segmenter(minimum: minimum)
        for row in rows { segmenter.add(row) }
        return segmenter.finish()
    }

    private func text(_ segments: [Segment]) -> [String] {
        segments.map { segment in
            let times = [segment.range.lowerBound, segment.range.upperBound].map { AudioFormat.seconds($0).fixed(2) }
            return ([times.joined(separator: "–"), segment.speaker, segment.label.word]).compactMap(\.self)
                .joined(separator: " ")
        }
    }

    private let angry = SegmentLabel.speech(.emotion(.angry))
    private let happy = SegmentLabel.speech(.emotion(.happy))
    private let neutral = SegmentLabel.speech(.emotion(.neutral))

    // MARK: Whose an instant is

    @Test func anInstantBelongsToTheWindowWhoseMiddleIsNearest() {
        let rows = [row(0, 3, angry), row(0.5, 3.5, happy), row(1, 4, neutral)]
        #expect(text(segments(rows)) == ["0.00–1.75 angry", "1.75–2.25 happy", "2.25–4.00 neutral"])
    }

    @Test func theLastWindowMayFollowSooner() {
        let rows = [row(0, 3, angry), row(0.5, 3.5, happy), row(0.7, 3.7, neutral)]
        #expect(text(segments(rows)) == ["0.00–1.75 angry", "1.75–2.10 happy", "2.10–3.70 neutral"])
    }

    @Test func anInstantInNoWindowIsInNoSegment() {
        let rows = [row(0, 3, angry), row(0.5, 3.5, angry), row(9, 12, angry), row(12, 12.2, happy)]
        #expect(text(segments(rows)) == ["0.00–3.50 angry", "9.00–12.00 angry", "12.00–12.20 happy"])
        let short = [row(0, 3, angry), row(9, 9.2, happy), row(20, 23, angry)]
        #expect(text(segments(short, minimum: 5)) == ["0.00–3.00 angry", "9.00–9.20 happy", "20.00–23.00 angry"])
    }

    @Test func aRecordingOfOneWindowIsOneSegment() {
        for seconds in [3, 1.2, 0.3] {
            #expect(text(segments([row(0, seconds, angry)], minimum: 0.5)) == ["0.00–\(seconds.fixed(2)) angry"])
            #expect(text(segments([row(0, seconds, .silence)], minimum: 10)) == ["0.00–\(seconds.fixed(2)) silence"])
        }
    }

    @Test func withoutWindowsThereIsNoSegment() {
        #expect(segments([]) == [])
        #expect(segments([Row(start: 0, end: 0, wallEnd: .now, status: .marker)]) == [])
        var segmenter = Segmenter()
        segmenter.add(row(0, 3, angry))
        #expect(segmenter.finish().count == 1)
        #expect(segmenter.finish() == [], "the next recording begins with nothing")
    }

    @Test func rowsThatAreAboutNoWindowChangeNothing() {
        let windows = [row(0, 3, angry), row(0.5, 3.5, happy)]
        let others = RowStatus.allCases.map { Row(start: 3, end: 3.2, wallEnd: .now, status: $0) }
        #expect(segments([windows[0]] + others + [windows[1]]) == segments(windows))
    }

    // MARK: What an instant gets

    @Test func theLabelIsTheRawDecisionOrWhatTheWindowIs() {
        let labels: [(RowStatus, String)] = [
            (.ok, "happy"), (.silence, "silence"), (.overlap, "overlap"), (.dropped, "unread"), (.failed, "unread"),
            (.overrun, "unread"), (.deviceLost, "unread"),
        ]
        for (status, word) in labels {
            var row = row(0, 3, happy)
            row.status = status
            if status != .ok { (row.decision, row.scores, row.baseline) = (nil, nil, nil) }
            let segment = segments([row]).first
            #expect(segment?.label.word == word)
            #expect((segment?.probabilities != nil) == (status == .ok), "\(status)")
        }
        #expect(text(segments([row(0, 3, .speech(.unsure), by: "A")])) == ["0.00–3.00 A unsure"])
    }

    @Test func adjacentInstantsOfOneSpeakerAndLabelAreOneSegment() {
        let rows = [
            row(0, 3, angry, by: "A"), row(0.5, 3.5, angry, by: "A"), row(1, 4, angry, by: "B"),
            row(1.5, 4.5, happy, by: "B"),
        ]
        #expect(text(segments(rows)) == ["0.00–2.25 A angry", "2.25–2.75 B angry", "2.75–4.50 B happy"])
    }

    @Test func probabilitiesAreTheMeanOverTime() throws {
        // Each window has half of the recording; a third one leaves the second 0.5 s.
        var rows = [row(0, 3, angry, probability: 0.9), row(0.5, 3.5, angry, probability: 0.6)]
        var scores = try #require(segments(rows).first?.probabilities)
        #expect(abs(scores.angry - 0.75) < 1e-6 && abs(scores.sad - (1 - 0.75) / 3) < 1e-6)
        rows.append(row(1, 4, angry, probability: 0.4))
        scores = try #require(segments(rows).first?.probabilities)
        #expect(abs(scores.angry - (1.75 * 0.9 + 0.5 * 0.6 + 1.75 * 0.4) / 4) < 1e-6)
        #expect(abs(scores.values.reduce(0, +) - 1) < 1e-6)
    }

    @Test func theBaselineIsThatOfTheNewestWindow() {
        var rows = [row(0, 3, angry), row(0.5, 3.5, angry)]
        rows[0].baseline = .learning(seconds: 19.9)
        rows[1].baseline = .automatic
        #expect(segments(rows).map(\.baseline) == [.automatic])
        #expect(segments([row(0, 3, .silence)]).map(\.baseline) == [nil])
    }

    // MARK: Short segments

    /// Segments of tenths of a second, from windows that do not overlap.
    private func pieces(
        minimum: Double = 0.5, _ pieces: [(tenths: Int, label: SegmentLabel, speaker: String?)]
    ) -> [String] {
        text(segments(tiles(pieces), minimum: minimum))
    }

    private func tiles(
        _ pieces: [(tenths: Int, label: SegmentLabel, speaker: String?)], _ probabilities: [Float] = []
    ) -> [Row] {
        var rows: [Row] = []
        for (index, piece) in pieces.enumerated() {
            for _ in 0..<piece.tenths {
                rows.append(
                    row(
                        Double(rows.count) / 10, Double(rows.count + 1) / 10, piece.label, by: piece.speaker,
                        probability: index < probabilities.count ? probabilities[index] : 0.7))
            }
        }
        return rows
    }

    @Test func aShortSegmentIsGivenToTheNeighbourOfItsSpeaker() {
        #expect(
            pieces([(6, angry, "A"), (4, happy, "A"), (20, angry, "B")]) == ["0.00–1.00 A angry", "1.00–3.00 B angry"])
        #expect(
            pieces([(20, angry, "B"), (4, happy, "A"), (6, angry, "A")]) == ["0.00–2.00 B angry", "2.00–3.00 A angry"])
    }

    @Test func elseItIsGivenToTheLongerNeighbour() {
        #expect(
            pieces([(6, angry, "A"), (4, happy, "B"), (9, angry, "C")]) == ["0.00–0.60 A angry", "0.60–1.90 C angry"])
        #expect(
            pieces([(9, angry, nil), (4, happy, nil), (6, neutral, nil)]) == ["0.00–1.30 angry", "1.30–1.90 neutral"])
        #expect(
            pieces([(6, angry, nil), (4, happy, nil), (6, neutral, nil)]) == ["0.00–1.00 angry", "1.00–1.60 neutral"],
            "of two equal ones, to the earlier")
    }

    @Test func atTheEdgesThereIsOneNeighbour() {
        #expect(pieces([(2, happy, "A"), (6, angry, "B")]) == ["0.00–0.80 B angry"])
        #expect(pieces([(6, angry, "B"), (2, happy, "A")]) == ["0.00–0.80 B angry"])
    }

    @Test func aSegmentOfTheMinimumStays() {
        #expect(pieces([(6, angry, nil), (5, happy, nil), (6, angry, nil)]).count == 3)
        #expect(pieces(minimum: 0.6, [(6, angry, nil), (5, happy, nil), (6, angry, nil)]) == ["0.00–1.70 angry"])
        #expect(pieces(minimum: 0, [(6, angry, nil), (1, happy, nil), (6, angry, nil)]).count == 3)
    }

    @Test func silenceAndSpeechAreNeverGivenToOneAnother() {
        let short =
            [(8, angry, "A"), (1, .silence, nil), (1, happy, "B"), (1, .silence, nil), (8, angry, "A")]
            as [(Int, SegmentLabel, String?)]
        for minimum in [0, 0.5, 10] { #expect(pieces(minimum: minimum, short).count == 5) }
        #expect(
            pieces([(1, .silence, nil), (2, happy, "B"), (6, angry, "A"), (1, .silence, nil)])
                == ["0.00–0.10 silence", "0.10–0.90 A angry", "0.90–1.00 silence"])
    }

    @Test func overlapAndUnreadWindowsAreGivenAsSpeechIs() {
        #expect(
            pieces([(6, angry, "A"), (2, .overlap, nil), (7, neutral, "B"), (2, .unread, "B"), (12, happy, "B")])
                == ["0.00–0.60 A angry", "0.60–1.50 B neutral", "1.50–2.90 B happy"])
        #expect(pieces([(6, .overlap, nil), (2, angry, "A"), (4, .unread, "B")]) == ["0.00–1.20 overlap"])
    }

    /// The neighbours of a short segment that become one are the mean of their own windows.
    @Test func neighboursThatBecomeAlikeAreJoined() throws {
        let rows = tiles([(10, angry, "A"), (3, happy, "A"), (30, angry, "A")], [0.8, 0.99, 0.4])
        let joined = segments(rows, minimum: 0.5)
        #expect(text(joined) == ["0.00–4.30 A angry"])
        let scores = try #require(joined.first?.probabilities)
        #expect(abs(scores.angry - (10 * 0.8 + 30 * 0.4) / 40) < 1e-6, "the short segment does not count: \(scores)")
    }

    @Test func theShortestIsGivenFirst() {
        // In the order of time, happy would grow by the first segment, and then be given to neutral, which would stay.
        #expect(
            pieces(minimum: 1, [(4, angry, nil), (2, happy, nil), (4, neutral, nil), (20, angry, nil)])
                == ["0.00–3.00 angry"])
    }

    @Test(arguments: [0, 0.5, 2, 10]) func segmentsCoverTheRecordingAndNoneIsShortWithoutReason(minimum: Double) {
        var generator = SystemRandomNumberGenerator()
        let labels = [angry, happy, neutral, .speech(.unsure), .silence, .overlap, .unread]
        for _ in 0..<50 {
            let hop = [0.05, 0.37, 0.5, 3].randomElement(using: &generator)!
            var label = angry
            let rows = (0..<200).map { index in
                if Int.random(in: 0..<4, using: &generator) == 0 { label = labels.randomElement(using: &generator)! }
                let speaker = label == .silence ? nil : ["A", "B", nil].randomElement(using: &generator)!
                return row(Double(index) * hop, Double(index) * hop + 3, label, by: speaker)
            }
            let segments = segments(rows, minimum: minimum)
            #expect(segments.first?.range.lowerBound == 0)
            #expect(segments.last?.range.upperBound == AudioFormat.samples(199 * hop + 3))
            for (segment, next) in zip(segments, segments.dropFirst()) {
                #expect(segment.range.upperBound == next.range.lowerBound && !segment.continues(next))
            }
            for (index, segment) in segments.enumerated() where segment.range.count < AudioFormat.samples(minimum) {
                let neighbours = [index - 1, index + 1].filter(segments.indices.contains).map { segments[$0].label }
                #expect(segment.label == .silence || neighbours.allSatisfy { $0 == .silence })
            }
            let silent = { (list: [Segment]) in
                list.filter { $0.label == .silence }.reduce(0) { $0 + $1.range.count }
            }
            #expect(silent(segments) == silent(self.segments(rows)))
        }
    }
}
