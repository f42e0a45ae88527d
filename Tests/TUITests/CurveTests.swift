import EmotionCore
import Testing

@testable import EmotionTUI

/// At 120×36 the plot's cells are columns 6…115 and rows 2…19; in points 12…231 and 8…79.
private enum Area {
    static let left = 12
    static let right = 231
    static let top = 8
    static let bottom = 79
}

@Suite struct CurveTests {
    private func mood(happy: Float) -> EmotionScores {
        .init(angry: (1 - happy) * 0.5, happy: happy, neutral: (1 - happy) * 0.3, sad: (1 - happy) * 0.2)
    }

    /// The curve lies where the probability says, to within a dot and its own thickness, across the whole plot.
    @Test(arguments: [0, 0.125, 0.3, 0.5, 0.62, 0.875, 1] as [Float])
    func theLineGoesWhereTheProbabilityGoes(happy: Float) throws {
        var state = DashboardState()
        let dots = picture(.steady(mood(happy: happy), until: 120), state: state).dots(.happy)
        let plot = dots.filter { $0.y <= Area.bottom }
        let expected = Double(Area.top) + Double(1 - happy) * Double(Area.bottom - Area.top)
        let low = try #require(plot.map(\.y).min())
        let high = try #require(plot.map(\.y).max())
        // Dots of other curves in a shared cell count as this one's; elsewhere no dot is far off.
        if (0.3...0.875).contains(happy) {
            #expect(abs(Double(low) - expected) <= 1)
            #expect(abs(Double(high) - expected) <= 2)
        } else {
            #expect(plot.contains { abs(Double($0.y) - expected) <= 1 })
        }
        let columns = Set(plot.map(\.x))
        #expect(columns.contains(Area.right) || columns.contains(Area.right - 1))
        #expect(columns.count > 150, "dashed, but from edge to edge")
        state.isFrozen = true
        #expect(picture(.steady(mood(happy: happy), until: 120), state: state).dots(.happy) == dots)
    }

    @Test func aRisingProbabilityRaisesItsCurve() throws {
        var snapshot = Snapshot.steady(mood(happy: 0))
        for index in snapshot.history.indices {
            snapshot.history[index].smoothed = mood(happy: Float(index) / Float(snapshot.history.count - 1))
        }
        let dots = picture(snapshot).dots(.happy).filter { $0.y <= Area.bottom }
        let heights = Dictionary(grouping: dots, by: \.x).mapValues { $0.map(\.y).min() ?? 0 }
        let early = try #require(heights[Area.left + 60])
        let middle = try #require(heights[Area.left + 140])
        let late = try #require(heights[Area.right - 4])
        #expect(early > middle + 15 && middle > late + 15)
    }

    /// A second later the picture is the old one, moved left: no dot moves up, down or sideways otherwise.
    @Test func scrollingMovesTheLineAsAWhole() {
        let scale = PlotScale(width: 220, height: 72, now: 80, span: 55)
        let later = PlotScale(width: 220, height: 72, now: 81, span: 55)
        for time in stride(from: 30.0, through: 80, by: 0.35) {
            #expect(later.column(time) == scale.column(time) - 4)
        }
        let wavy = { (now: Double) in
            var snapshot = Snapshot.steady(self.mood(happy: 0.5), until: 100)
            for (index, point) in snapshot.history.enumerated() {
                let wave = Float(point.time * 7).truncatingRemainder(dividingBy: 3) / 3
                snapshot.history[index].smoothed = self.mood(happy: wave)
            }
            snapshot.history.removeAll { $0.time > 80 }
            snapshot.streamTime = now
            var canvas = DotCanvas(columns: 110, rows: 18, glyphs: .braille)
            Curves(scale: PlotScale(width: 220, height: 72, now: now, span: 55), isSmoothed: true)
                .draw(snapshot.history, on: &canvas)
            var frame = Frame(width: 110, height: 18)
            canvas.draw(into: &frame, x: 0, y: 0)
            return Emotion.allCases.reduce(into: Set<Dot>()) { $0.formUnion(frame.dots($1.colorRole)) }
        }
        let before = wavy(80)
        for (delay, points) in [(0.1, 0), (0.25, 1), (0.9, 3), (1, 4)] {
            let shifted = Set(before.map { Dot(x: $0.x - points, y: $0.y) }.filter { $0.x >= 0 })
            #expect(shifted == wavy(80 + delay), "after \(delay) s")
        }
    }

    @Test(arguments: [Snapshot.Status.silence, .overlap, .dropped])
    func linesStopWhereNothingIsClaimed(status: Snapshot.Status) {
        let frame = picture(.steady(mood(happy: 0.6), until: 60) { (20...40).contains($0) ? status : .ok })
        // 60 s on 220 dots: 20 s and 40 s are dots 73 and 146 of the plot.
        for emotion in Emotion.allCases {
            let columns = frame.dots(emotion.colorRole).filter { $0.y <= Area.bottom }.map { $0.x - Area.left }
            #expect(!columns.contains { (74...145).contains($0) }, "\(emotion) is drawn in the gap")
            #expect(columns.contains { $0 < 72 } && columns.contains { $0 > 148 })
        }
        let sign =
            switch status {
            case .silence: frame.cells("·", .faint)
            case .overlap: frame.cells("∥", .label)
            default: frame.cells("×", .alarm)
            }
        #expect(sign.filter { $0.y == 20 }.count >= 30, "the ribbon shows the gap")
    }

    @Test func aSingleWindowIsDrawn() {
        let frame = picture(.steady(mood(happy: 0.6)) { $0 == 30 ? .ok : .silence })
        #expect(frame.dots(.happy).filter { $0.y <= Area.bottom }.count >= 2)
    }

    @Test func smoothingChoosesTheCurve() {
        var snapshot = Snapshot.steady(mood(happy: 0.6), until: 120)
        for index in snapshot.history.indices { snapshot.history[index].raw = mood(happy: 0.95) }
        snapshot.raw = mood(happy: 0.95)
        var state = DashboardState()
        let smoothed = picture(snapshot, state: state)
        _ = state.reduce(.character("s"))
        let raw = picture(snapshot, state: state)
        #expect(smoothed.text.contains("smoothed ·") && smoothed.text.contains("60 %"))
        #expect(raw.text.contains("raw ·") && raw.text.contains("95 %"))
        let top = { (frame: Frame) in frame.dots(.happy).map(\.y).min() ?? 0 }
        #expect(top(raw) < top(smoothed) - 15)
    }

    @Test func zoomingOutShowsMoreOfThePast() {
        let snapshot = Snapshot.steady(mood(happy: 0.6), until: 60)
        var state = DashboardState()
        let first = { (frame: Frame) in frame.dots(.happy).filter { $0.y <= Area.bottom }.map(\.x).min() ?? 0 }
        let at60 = first(picture(snapshot, state: state))
        _ = state.reduce(.left)
        let at120 = first(picture(snapshot, state: state))
        #expect(at60 < Area.left + 15)
        #expect(abs(at120 - (Area.left + 115)) < 6, "57 s of 120 fill the right half")
        #expect(picture(snapshot, state: state).text.contains("last 2 min"))
    }

    @Test func lettersStandAtTheEndsOfTheirCurves() {
        let frame = picture(.steady(.init(angry: 0.05, happy: 0.75, neutral: 0.2, sad: 0)))
        let rows = Emotion.allCases.map { emotion in
            frame.cells(emotion.letter.unicodeScalars.first!, emotion.colorRole).first { $0.x == 117 }?.y
        }
        #expect(rows == [18, 6, 16, 19])
    }

    @Test func collidingLettersGetRowsOfTheirOwn() {
        #expect(letterRows([3, 3, 3, 3], rows: 18) == [3, 4, 5, 6])
        #expect(letterRows([17, 17, 16, 17], rows: 18) == [15, 16, 14, 17])
        #expect(letterRows([0, 17, 9, 9], rows: 18) == [0, 17, 9, 10])
        #expect(letterRows([2, 2, 1, 0], rows: 4) == [2, 3, 1, 0])
        #expect(letterRows([5, -3], rows: 1) == [0, 0])
        for seed in 0..<2000 {
            let wanted = (0..<4).map { (seed * 7919 + $0 * 104_729 + seed * seed * ($0 + 1)) % 9 }
            let rows = letterRows(wanted, rows: 9)
            #expect(Set(rows).count == 4 && rows.allSatisfy { (0..<9).contains($0) })
        }
    }

    @Test func markersStandAtTheirTime() {
        var snapshot = Snapshot.steady(mood(happy: 0.6))
        snapshot.markers = [.init(time: 30, note: "here")]
        let frame = picture(snapshot)
        let feet = frame.cells("▲", .accent)
        #expect(feet.count == 1 && abs((feet.first?.x ?? 0) - 61) <= 1)
        #expect(frame.text.contains("here"))
        let axis = frame.text.components(separatedBy: "\n")[21]
        #expect(axis.contains("0:20") && axis.contains("0:40"), "times beside the arrow stay")
        #expect(!axis.contains("0▲") && !axis.contains("▲0") && !axis.contains(":▲"), "the arrow cuts no time: \(axis)")
        snapshot.markers[0].time = -40
        #expect(picture(snapshot).cells("▲", .accent).isEmpty)
    }

    @Test func theLabelTrackNamesEachChange() {
        var snapshot = Snapshot.steady(.init(angry: 0.1, happy: 0.9))
        for index in snapshot.history.indices where snapshot.history[index].time > 30 {
            snapshot.history[index].smoothed = .init(happy: 0.2, sad: 0.8)
        }
        let line = picture(snapshot).text.split(separator: "\n", omittingEmptySubsequences: false)[20]
        let letters = line.filter { $0.isLetter }
        #expect(letters == "HS")
        #expect(line.filter { $0 == "▬" }.count > 95)
    }

    @Test func theLabelTrackNamesNoEmotionWhereItIsUnsure() {
        var snapshot = Snapshot.steady(.init(angry: 0.1, happy: 0.9))
        for index in snapshot.history.indices where snapshot.history[index].time > 30 {
            snapshot.history[index].smoothed = .init(angry: 0.3, happy: 0.4, neutral: 0.2, sad: 0.1)
        }
        snapshot.unsureBelow = 0.5
        let frame = picture(snapshot)
        let line = frame.text.split(separator: "\n", omittingEmptySubsequences: false)[20]
        #expect(line.filter { $0.isLetter || $0 == "?" } == "H?")
        let mark = frame.cells("?", .label).first { $0.y == 20 }
        #expect(mark != nil, "in no emotion's colour")
        #expect(line.filter { $0 == "▬" }.count < 60)
    }

    @Test func theTimeAxisNamesRoundSeconds() {
        let text = picture(.steady(mood(happy: 0.6), until: 75)).text
        for label in ["0:20", "0:30", "0:40", "0:50", "1:00", "1:10", "now"] { #expect(text.contains(label)) }
    }
}
