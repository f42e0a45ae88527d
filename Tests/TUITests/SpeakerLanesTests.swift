import EmotionCore
import Testing

@testable import EmotionTUI

/// Speakers on one microphone, a lane each.
@Suite struct SpeakerLanesTests {
    private static let sizes = [(40, 10), (60, 15), (80, 24), (76, 20), (110, 20), (120, 36), (200, 15), (200, 60)]
    private let names = ["Anna", "Ben", "Cleo", "Dave", "Ed", "Fay", "Gus", "Hal"]

    /// Speakers of whom the second speaks, happy; the others were sad before.
    private func speakers(_ count: Int) -> Snapshot {
        var snapshot = Snapshot.steady(.init(happy: 0.82, neutral: 0.12, sad: 0.06))
        let silent = Snapshot.steady(.init(happy: 0.1, sad: 0.9)) { $0 < 40 ? .ok : .silence }
        snapshot.voices = (0..<count).map { index in
            var voice = (index == 1 || count == 1 ? snapshot : silent).voices[0]
            voice.name = names[index]
            voice.isSpeaking = index == 1 || count == 1
            voice.talkTime = 60 * Double(index + 1) + 5
            return voice
        }
        return snapshot
    }

    private func lines(_ frame: Frame) -> [String] { frame.text.components(separatedBy: "\n") }

    @Test(arguments: sizes, [2, 3, 4])
    func everySpeakerHasALaneInTheSameOrder(size: (Int, Int), count: Int) throws {
        for view in DashboardState.View.allCases {
            var state = DashboardState()
            state.view = view
            for glyphs in Glyphs.allCases {
                let frame = picture(speakers(count), size.0, size.1, state: state, glyphs: glyphs)
                #expect(frame.overflow == 0)
                let text = lines(frame)
                let rows = try (0..<count).map { lane in
                    try #require(text.firstIndex { $0.contains(names[lane]) }, "\(names[lane]) at \(size)")
                }
                #expect(rows == rows.sorted() && Set(rows).count == count)
            }
        }
    }

    @Test(arguments: sizes, [2, 3, 4])
    func whoSpeaksIsMarkedByACharacter(size: (Int, Int), count: Int) {
        for (glyphs, mark) in [(Glyphs.braille, "▶ "), (.ascii, "> ")] {
            for view in DashboardState.View.allCases {
                var state = DashboardState()
                state.view = view
                let text = picture(speakers(count), size.0, size.1, state: state, glyphs: glyphs).text
                #expect(text.contains(mark + "Ben"), "at \(size)")
                for lane in 0..<count where lane != 1 { #expect(!text.contains(mark + names[lane])) }
            }
        }
    }

    /// There is one microphone: its level, its waveform and its voice activity are drawn once.
    @Test(arguments: sizes.filter { $0.1 >= 15 }, [2, 3, 4, 8])
    func theMicrophoneIsShownOnce(size: (Int, Int), count: Int) {
        let text = picture(speakers(count), size.0, size.1).text
        #expect(text.components(separatedBy: "dBFS").count == 2, "at \(size):\n\(text)")
        #expect(text.components(separatedBy: "voice ").count == 2, "at \(size):\n\(text)")
        var changed = speakers(count)
        for lane in 1..<count { changed.voices[lane].levels = .init() }
        #expect(picture(changed, size.0, size.1).text == text, "it is that of the first voice")
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 36), (200, 60)], [2, 3, 4])
    func everyLaneHasItsTalkTimeAndShare(size: (Int, Int), count: Int) {
        let snapshot = speakers(count)
        let text = picture(snapshot, size.0, size.1).text
        let total = snapshot.voices.reduce(0) { $0 + ($1.talkTime ?? 0) }
        for lane in 0..<count {
            let share = Int((100 * (snapshot.voices[lane].talkTime ?? 0) / total).rounded())
            let row = text.split(separator: "\n").first { $0.contains(" \(lane + 1):05") }
            #expect(row?.contains("\(share) %") == true, "lane \(lane + 1) at \(size):\n\(text)")
        }
    }

    /// All lanes are on one stream: the time is written once, under the last one, or as the length of the plots.
    @Test(arguments: [(60, 15), (80, 24), (120, 36), (200, 60)], [2, 3, 4])
    func theTimeIsWrittenOnce(size: (Int, Int), count: Int) {
        let text = lines(picture(speakers(count), size.0, size.1))
        let axes = text.indices.filter { text[$0].contains("0:30 ") }
        let isSaid = text.contains { $0.contains("last 60 s") }
        #expect(axes.count == 1 || (axes.isEmpty && isSaid), "at \(size)")
        #expect(text.count { $0.contains("smoothed") } <= 1)
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 36), (200, 60)], [2, 3, 4])
    func everyLaneHasItsCurves(size: (Int, Int), count: Int) {
        let frame = picture(speakers(count), size.0, size.1)
        let body = size.1 - 2
        for lane in 0..<count {
            let role: ColorRole = lane == 1 ? .happy : .sad
            let rows = (1 + body * lane / count)..<(1 + body * (lane + 1) / count)
            let most = rows.map { y in (0..<size.0).count { frame[$0, y].style.role == role } }.max() ?? 0
            #expect(most > size.0 / 6, "lane \(lane + 1) at \(size)")
        }
    }

    @Test func twoAtOnceIsAStateOfItsOwn() {
        var snapshot = speakers(3)
        for lane in 1...2 {
            snapshot.voices[lane].current = .overlap
            for index in snapshot.voices[lane].history.indices.suffix(40) {
                snapshot.voices[lane].history[index].status = .overlap
            }
        }
        for (width, height) in [(40, 10), (60, 15), (80, 24), (120, 36)] {
            let text = picture(snapshot, width, height, glyphs: .ascii).text
            let count = text.components(separatedBy: "TWO AT ONCE").count - 1
            let spaced = text.components(separatedBy: "T W O   A T   O N C E").count - 1
            #expect(count + spaced == 2, "at \(width)×\(height):\n\(text)")
            #expect(!text.contains("HAPPY") && !text.contains("82 %"), "no emotion is named")
        }
        #expect(picture(snapshot).cells("∥", .label).count > 20, "the ribbon marks it")
        #expect(picture(snapshot, glyphs: .ascii).cells("&", .label).count > 20)
    }

    @Test func oneSpeakerSoFarLeavesThePictureAsItIs() {
        var alone = speakers(1)
        for (width, height) in [(80, 24), (120, 36), (200, 50)] {
            let text = lines(picture(alone, width, height))
            #expect(text.contains { $0.contains("trajectory") } && text.contains { $0.contains("room") })
            #expect(text.contains { $0.contains("▶ Anna · ") && $0.contains("1:05") && $0.contains("model 82 %") })
            #expect(!text.contains { $0.contains("1:05 · ") }, "no share of one")
        }
        #expect(picture(alone, 60, 15).text.contains("▶ Anna") && picture(alone, 60, 15).text.contains("talk 1:05"))
        alone.voices[0].name = String(repeating: "W", count: 24)
        #expect(picture(alone, 80, 24).text.contains("model 82 %"), "a long name leaves the probability its place")
        let plain = Snapshot.steady(.init(happy: 0.82, neutral: 0.12, sad: 0.06))
        #expect(!picture(plain).text.contains("talk "))
    }

    @Test func theKeyIsListedWhereSpeakersAreToldApart() {
        let plain = Snapshot.steady(.init(happy: 1))
        #expect(!picture(plain, 200, 50).text.contains("e rename"))
        #expect(!picture(.split(plain, plain), 200, 50).text.contains("e rename"))
        for (width, height) in [(60, 15), (80, 24), (120, 36)] {
            #expect(picture(speakers(1), width, height).text.contains("e rename"))
            #expect(picture(speakers(3), width, height).text.contains("e rename"))
        }
    }

    /// Returns the last row after these keys.
    private func footer(_ keys: [Key], _ width: Int, glyphs: Glyphs = .braille) -> String {
        var state = DashboardState()
        state.follow(speakers(3).speakers)
        for key in keys { _ = state.reduce(key) }
        return lines(picture(speakers(3), width, 24, state: state, glyphs: glyphs))[23]
    }

    @Test func theFooterHoldsTheEntry() {
        #expect(footer(typed("e"), 80) == " which speaker? 1-3, Esc: none")
        #expect(footer(typed("e9"), 80) == " there is no speaker 9: 1-3, Esc: none")
        #expect(
            footer(typed("e2Zoë"), 80)
                == " Ben: new name, or the number of the speaker that it is the same as: Zoë▏")
        #expect(footer(typed("e2Zo"), 40, glyphs: .ascii) == " Ben: new name or number: Zo_")
        #expect(
            footer(typed("e2Anna") + [.enter], 80)
                == " speaker 1 has this name: type 1 if they are the same  Ben: Anna▏")
        let long = String(repeating: "x", count: 20) + "yend"
        for width in [40, 60, 80, 120] {
            for keys in [typed("e2" + long), typed("e2" + long + "!")] {
                let row = footer(keys, width)
                #expect(row.hasSuffix("yend▏") && displayWidth(row) < width, "at \(width): \(row)")
            }
        }
        #expect(footer([.character(" ")] + typed("e2Zoë"), 80).contains("Zoë▏"), "also on a frozen picture")
    }

    @Test func theEndOfAnEntryIsSaidUntilItIsConfirmed() {
        var state = DashboardState()
        state.follow(["A", "B", "C"])
        for key in typed("e3Z") { _ = state.reduce(key) }
        state.follow(["A", "B"])
        for (width, height) in [(40, 10), (80, 24)] {
            #expect(
                picture(speakers(2), width, height, state: state).text.contains(" C is gone: no change; Esc goes on\n"))
        }
        _ = state.reduce(.escape)
        #expect(picture(speakers(2), 80, 24, state: state).text.contains("q quit"))
    }

    @Test func lanesAreNumberedWhileTheyAreNeeded() {
        var state = DashboardState()
        state.follow(speakers(3).speakers)
        _ = state.reduce(.character("e"))
        for (width, height) in [(40, 10), (60, 15), (80, 24), (120, 36)] {
            let text = picture(speakers(3), width, height, state: state).text
            for (lane, name) in names.prefix(3).enumerated() { #expect(text.contains("\(lane + 1): \(name)")) }
            #expect(!picture(speakers(3), width, height).text.contains("1: Anna"))
        }
    }

    @Test func theBigViewHasLargeLettersForFour() {
        var state = DashboardState()
        state.view = .big
        let text = lines(picture(speakers(4), 80, 24, state: state))
        #expect(text.count { $0.contains("█") } >= 8, "two rows of blocks a lane at least")
        #expect(text.contains { $0.contains("A  – %") } && text.contains { $0.contains("H 82 %") })
    }

    @Test func eightSpeakersKeepTheirLines() {
        for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 60)] {
            let text = lines(picture(speakers(8), width, height))
            for (lane, name) in names.enumerated() {
                #expect(text.count { $0.contains(name) } == 1, "lane \(lane + 1) at \(width)×\(height)")
            }
        }
    }

    @Test func theTalkShareNeedsTalk() {
        var snapshot = speakers(2)
        #expect(snapshot.talkShare(ofVoice: 1) == 125.0 / 190)
        snapshot.voices[0].talkTime = 0
        snapshot.voices[1].talkTime = 0
        #expect(snapshot.talkShare(ofVoice: 1) == nil)
        snapshot.voices[1].talkTime = nil
        #expect(snapshot.hasSpeakers && snapshot.talkShare(ofVoice: 1) == nil)
    }

    @Test func rowsAreDividedAmongLanes() {
        let shared = LaneRows(height: 21, count: 4, sharesAxis: true)
        #expect((0..<4).map { shared[$0] } == [0..<5, 5..<10, 10..<15, 15..<21] && shared.hasAxis)
        let low = LaneRows(height: 12, count: 4, sharesAxis: true)
        #expect((0..<4).map { low[$0] } == [0..<3, 3..<6, 6..<9, 9..<12] && !low.hasAxis)
        let own = LaneRows(height: 21, count: 2, sharesAxis: false)
        #expect((0..<2).map { own[$0] } == [0..<10, 10..<21] && own.hasAxis && own.lowest == 10)
    }
}
