import EmotionCore
import Testing

@testable import EmotionTUI

/// At 120×36 the plot's cells are columns 6…113 and rows 2…19; in points 12…227 and 8…79.
private enum Area {
    static let left = 12
    static let right = 227
    static let top = 8
    static let bottom = 79
    /// The rows of the ribbon under it.
    static let ribbon = 20...22
    /// The column of dots in which the newest reading is drawn, 1.5 s before the present.
    static let newest = right - 6
}

@Suite struct CurveTests {
    private func mood(happy: Float) -> EmotionScores {
        .init(angry: (1 - happy) * 0.5, happy: happy, neutral: (1 - happy) * 0.3, sad: (1 - happy) * 0.2)
    }

    /// The curve lies where the probability says, to within a dot and its own thickness, across the whole plot.
    @Test(arguments: [0.05, 0.125, 0.3, 0.5, 0.62, 0.875, 1] as [Float])
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
        #expect(columns.contains(Area.newest) || columns.contains(Area.newest - 1))
        #expect(!columns.contains { $0 > Area.newest + 1 }, "nothing is known of the last second and a half")
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
        let late = try #require(heights[Area.newest - 3])
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
        // 60 s on 216 dots: 20 s and 40 s are dots 72 and 144 of the plot.
        for emotion in Emotion.allCases {
            let columns = frame.dots(emotion.colorRole).filter { $0.y <= Area.bottom }.map { $0.x - Area.left }
            #expect(!columns.contains { (73...143).contains($0) }, "\(emotion) is drawn in the gap")
            #expect(columns.contains { $0 < 70 } && columns.contains { $0 > 147 })
        }
        let sign =
            switch status {
            case .silence: frame.cells("·", .faint)
            case .overlap: frame.cells("∥", .label)
            default: frame.cells("×", .alarm)
            }
        #expect(sign.filter { Area.ribbon.contains($0.y) }.count >= 30, "the ribbon shows the gap")
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

    /// A curve that does not lead is left out where several would cover one another.
    @Test func curvesAtZeroAreLeftOutUnlessTheyLead() {
        let frame = picture(.steady(.init(angry: 1, happy: 0, neutral: 0, sad: 0)))
        for emotion in [Emotion.happy, .neutral, .sad] {
            #expect(frame.dots(emotion.colorRole).filter { $0.y <= Area.bottom }.isEmpty, "\(emotion)")
        }
        #expect(!frame.dots(.angry).filter { $0.y <= Area.bottom }.isEmpty)
    }

    /// The leading curve is bright, with its area filled; the others are dim.
    @Test func theLeaderIsBrightAndFilled() {
        let snapshot = Snapshot.steady(.init(angry: 0.1, happy: 0.6, neutral: 0.25, sad: 0.05))
        let frame = picture(snapshot)
        func plotted(_ role: ColorRole) -> [Cell] {
            (2...19).flatMap { y in (6...113).map { frame[$0, y] } }.filter {
                $0.style.role == role && (0x2801...0x28FF).contains($0.scalar)
            }
        }
        #expect(plotted(.happy).count > 90 && plotted(.happy).allSatisfy { !$0.style.isDim })
        for role in [ColorRole.angry, .neutral] {
            #expect(plotted(role).count > 50 && plotted(role).allSatisfy(\.style.isDim))
        }
        let tints = (2...19).map { frame[60, $0].style.tint }
        #expect(tints.prefix(6).allSatisfy { $0 == nil }, "nothing is filled above the curve")
        #expect(tints.suffix(9).allSatisfy { $0?.role == .happy })
        #expect(tints.compactMap { $0?.strength }.sorted(by: >) == tints.compactMap { $0?.strength })
        // Where cells cannot be tinted, sparse dots fill the area; without colour they would hide the other curves.
        func below(_ depth: ColorDepth) -> Int {
            picture(snapshot, depth: depth).dots(.happy).count { $0.y > 52 && $0.y < 70 }
        }
        #expect(below(.eight) > 100 && below(.monochrome) < 40)
    }

    /// Without colour, letters on the curves say whose they are.
    @Test func withoutColourCurvesCarryTheirLetters() {
        let frame = picture(.steady(.init(angry: 0.1, happy: 0.6, neutral: 0.25, sad: 0.05)), depth: .monochrome)
        for emotion in Emotion.allCases where emotion != .sad {
            let letters = (2...19).map { y in
                (6...113).count { frame[$0, y].scalar == emotion.letter.unicodeScalars.first!.value }
            }
            #expect(letters.max() ?? 0 >= 6 && letters.count { $0 > 0 } <= 2, "\(emotion): \(letters)")
        }
        var mono = DashboardState()
        mono.theme = .mono
        #expect(
            picture(.steady(.init(happy: 1)), state: mono)
                == picture(.steady(.init(happy: 1)), state: mono, depth: .monochrome))
    }

    /// From two minutes on, each emotion has a band of its own, as high as the mean probability.
    @Test func longSpansAreBands() {
        var snapshot = Snapshot.steady(.init(angry: 0, happy: 0.5, neutral: 0.4, sad: 0.1), until: 600)
        for index in snapshot.history.indices where snapshot.history[index].time > 300 {
            snapshot.history[index].smoothed = .init(happy: 0, sad: 1)
        }
        var state = DashboardState()
        for _ in 0..<4 { _ = state.reduce(.character("-")) }
        let frame = picture(snapshot, state: state)
        func height(_ emotion: Emotion, _ x: Int) -> Int {
            (2...19).reduce(0) { sum, y in
                let cell = frame[x, y]
                guard cell.style.role == emotion.colorRole, (0x2581...0x2588).contains(cell.scalar) else { return sum }
                return sum + Int(cell.scalar) - 0x2580
            }
        }
        // Bands of four rows: 31 eighths are the whole.
        #expect([Emotion.angry, .happy, .neutral, .sad].map { height($0, 30) } == [1, 16, 12, 3])
        #expect([Emotion.angry, .happy, .neutral, .sad].map { height($0, 90) } == [1, 1, 1, 31])
        #expect(frame[30, 17].style.isDim && !frame[90, 17].style.isDim)
        #expect(frame.text.contains("last 10 min"))
    }

    @Test func zoomingOutShowsMoreOfThePast() {
        let snapshot = Snapshot.steady(mood(happy: 0.6), until: 60)
        var state = DashboardState()
        let first = { (frame: Frame) in frame.dots(.happy).filter { $0.y <= Area.bottom }.map(\.x).min() ?? 0 }
        _ = state.reduce(.character("+"))
        let at30 = first(picture(snapshot, state: state))
        #expect(at30 < Area.left + 3)
        _ = state.reduce(.character("-"))
        let at60 = first(picture(snapshot, state: state))
        #expect(abs(at60 - (Area.left + 5)) < 4, "the first reading is at 1.5 s")
        _ = state.reduce(.character("-"))
        #expect(picture(snapshot, state: state).text.contains("last 2 min"))
    }

    @Test func lettersStandAtTheEndsOfTheirCurves() {
        let frame = picture(.steady(.init(angry: 0.05, happy: 0.75, neutral: 0.2, sad: 0)))
        let rows = Emotion.allCases.map { emotion in
            frame.cells(emotion.letter.unicodeScalars.first!, emotion.colorRole).first { $0.x == 115 }?.y
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
        #expect(feet.count == 1 && abs((feet.first?.x ?? 0) - 60) <= 1)
        #expect(frame.text.contains("here"))
        let axis = frame.text.components(separatedBy: "\n")[23]
        #expect(axis.contains("0:20") && axis.contains("0:40"), "times beside the arrow stay")
        #expect(!axis.contains("0▲") && !axis.contains("▲0") && !axis.contains(":▲"), "the arrow cuts no time: \(axis)")
        snapshot.markers[0].time = -40
        #expect(picture(snapshot).cells("▲", .accent).isEmpty)
    }

    /// Notes of markers that are close share the room.
    @Test func closeMarkersDoNotGarbleOneAnother() {
        var snapshot = Snapshot.steady(mood(happy: 0.6))
        snapshot.markers = [
            .init(time: 20, note: "first note"), .init(time: 24, note: "second"), .init(time: 25, note: "x"),
        ]
        let row = picture(snapshot).text.components(separatedBy: "\n")[2]
        #expect(row.contains("╎firs…") && row.contains("╎"), "\(row)")
        #expect(!row.contains("second"), "there is no room: \(row)")
        // What is drawn at the top does not cut a note.
        let high = Snapshot.steady(.init(angry: 1), until: 600)
        for zoom in [0, 4] {
            var state = DashboardState()
            for _ in 0..<zoom { _ = state.reduce(.character("-")) }
            var marked = high
            marked.markers = [.init(time: 570, note: "the other room"), .init(time: 20, note: "the first one")]
            let text = picture(marked, state: state).text
            #expect(text.contains(zoom == 0 ? "╎the other room" : "╎the first one"), "\(text)")
        }
    }

    /// The ribbon is three rows high, and each moment lies in it where it was said.
    @Test func theRibbonNamesEachRun() {
        var snapshot = Snapshot.steady(.init(angry: 0.1, happy: 0.9))
        for index in snapshot.history.indices where snapshot.history[index].time > 30 {
            snapshot.history[index].smoothed = .init(happy: 0.2, sad: 0.8)
        }
        let frame = picture(snapshot)
        let lines = frame.text.components(separatedBy: "\n")
        #expect(lines[21].contains("happy") && lines[21].contains("sad"))
        for y in Area.ribbon {
            let roles = (6...113).map { frame[$0, y].style.reverse ? frame[$0, y].style.role : .faint }
            #expect(roles.count { $0 == .happy } > 45 && roles.count { $0 == .sad } > 45, "row \(y)")
            // 30 s of 60 are the middle of the plot.
            #expect(abs((roles.firstIndex(of: .sad) ?? 0) - 54) <= 1, "row \(y)")
        }
        let mono = picture(snapshot, depth: .monochrome)
        #expect(mono.cells("▓", .happy).count > 100 && mono.cells("▒", .sad).count > 100)
        #expect(mono.text.contains(" happy ") && mono.text.contains(" sad "))
    }

    @Test func theRibbonNamesNoEmotionWhereItIsUnsure() {
        var snapshot = Snapshot.steady(.init(angry: 0.1, happy: 0.9))
        for index in snapshot.history.indices where snapshot.history[index].time > 30 {
            snapshot.history[index].smoothed = .init(angry: 0.3, happy: 0.4, neutral: 0.2, sad: 0.1)
        }
        snapshot.unsureBelow = 0.5
        let frame = picture(snapshot)
        #expect(frame.text.components(separatedBy: "\n")[21].contains("? unsure"))
        let mark = frame.cells("?", .label).first { $0.y == 21 }
        #expect(mark != nil, "in no emotion's colour")
        let named = (6...113).count { frame[$0, 21].style.reverse }
        #expect((45...60).contains(named))
    }

    @Test func theTimeAxisNamesRoundSeconds() {
        let text = picture(.steady(mood(happy: 0.6), until: 75)).text
        for label in ["0:20", "0:30", "0:40", "0:50", "1:00", "1:10", "now"] { #expect(text.contains(label)) }
    }
}
