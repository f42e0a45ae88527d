import EmotionCore
import Testing

@testable import EmotionTUI

@Suite struct LayoutTests {
    /// For any size, state and values, hostile ones included, nothing is written outside and nothing traps.
    @Test(arguments: Glyphs.allCases)
    func everySizeHoldsItsPicture(glyphs: Glyphs) {
        var states: [DashboardState] = []
        for view in DashboardState.View.allCases {
            for help in [false, true] {
                var state = DashboardState()
                state.view = view
                state.showsHelp = help
                state.isFrozen = help
                state.isSmoothed = !help
                states.append(state)
            }
        }
        for keys in [typed("e"), typed("e9"), typed("e1" + String(repeating: "W", count: 25))] {
            var state = DashboardState()
            state.follow(["A", String(repeating: "会", count: 24), "C"])
            for key in keys { _ = state.reduce(key) }
            states.append(state)
        }
        let edges = [20, 38, 39, 40, 41, 47, 55, 56, 57, 59, 60, 61, 75, 76, 77, 80, 100, 120, 121, 240]
        let widths = Array(1...12) + edges
        let heights = Array(1...26) + [30, 35, 36, 37, 50, 80]
        for (index, snapshot) in Snapshot.zoo.enumerated() {
            for width in widths {
                for height in heights {
                    let state = states[(width + height + index) % states.count]
                    let frame = picture(snapshot, width, height, state: state, glyphs: glyphs)
                    let isSound = frame.overflow == 0 && frame.cells.count == width * height
                    #expect(isSound, "snapshot \(index) at \(width)×\(height), \(state.view), help \(state.showsHelp)")
                    let isPlain = frame.cells.allSatisfy { $0.scalar < 0x7F && $0.scalar >= 0x20 }
                    if glyphs == .ascii { #expect(isPlain, "snapshot \(index) at \(width)×\(height)") }
                }
            }
        }
        #expect(picture(Snapshot(), 0, 0).cells.isEmpty)
    }

    @Test(arguments: [(60, 15), (80, 24), (120, 36), (200, 60), (60, 40), (200, 15)])
    func theEssentialIsThere(width: Int, height: Int) {
        // Far enough apart for a row each, even in the smallest plot.
        let mood = EmotionScores(angry: 0, happy: 0.51, neutral: 0.33, sad: 0.16)
        for glyphs in Glyphs.allCases {
            let frame = picture(.steady(mood), width, height, glyphs: glyphs)
            for word in ["angry", "happy", "neutral", "sad", "51 %", "dBFS", "voice", "quit", "talk.wav", "84 ms"] {
                #expect(frame.text.contains(word), "\(word) at \(width)×\(height)")
            }
            // The curves: a row for each emotion above 0, at least half of it in the emotion's colour.
            for emotion in Emotion.allCases where mood[emotion] > 0 {
                let counts = (1..<height).map { y in
                    (0..<width).count { frame[$0, y].style.role == emotion.colorRole }
                }
                #expect(counts.contains { $0 > width / 2 }, "\(emotion) at \(width)×\(height) in \(glyphs)")
            }
            // At 0 a curve is left out; its letter stands at the right edge all the same.
            let edge = (width - 7)..<width
            let letters = (1..<height).count { y in
                edge.contains { frame[$0, y].scalar == 0x41 && frame[$0, y].style.role == .angry }
            }
            #expect(letters == 1, "the letter of a curve at 0 at \(width)×\(height) in \(glyphs)")
        }
    }

    @Test func aTooSmallTerminalShowsTheSizeNeeded() {
        let text = picture(.steady(.init(happy: 1)), 39, 9).text
        #expect(text.hasPrefix("emoscope needs at least 40x10;\nthis terminal is 39x9\n"))
        #expect(!picture(.steady(.init(happy: 1)), 40, 10).text.contains("needs"))
    }

    @Test func noSpeechIsAStateOfItsOwn() {
        let mood = EmotionScores(angry: 0.7, happy: 0.1, neutral: 0.1, sad: 0.1)
        for (width, height) in [(60, 15), (80, 24), (120, 36), (40, 10)] {
            let text = picture(.steady(mood) { $0 > 50 ? .silence : .ok }, width, height, glyphs: .ascii).text
            let says = text.contains("NO SPEECH") || text.contains("N O   S P E E C H")
            #expect(says, "at \(width)×\(height)")
            #expect(!text.contains("70 %") && !text.contains("ANGRY"), "no emotion is claimed at \(width)×\(height)")
        }
    }

    @Test func unsureIsAStateOfItsOwn() {
        var snapshot = Snapshot.steady(.init(angry: 0.1, happy: 0.41, neutral: 0.29, sad: 0.2))
        snapshot.unsureBelow = 0.5
        for (width, height) in [(60, 15), (80, 24), (120, 36), (40, 10)] {
            let frame = picture(snapshot, width, height, glyphs: .ascii)
            let says = frame.text.contains("UNSURE") || frame.text.contains("U N S U R E")
            #expect(says && frame.text.contains("41 %"), "at \(width)×\(height)")
            #expect(!frame.text.contains("HAPPY"), "no emotion is named at \(width)×\(height)")
        }
        snapshot.unsureBelow = 0.4
        #expect(picture(snapshot, glyphs: .ascii).text.contains("H A P P Y"))
        var raw = DashboardState()
        raw.isSmoothed = false
        snapshot.raw = .init(angry: 0.25, happy: 0.25, neutral: 0.25, sad: 0.25)
        #expect(
            picture(snapshot, state: raw, glyphs: .ascii).text.contains("U N S U R E"), "by the scores that are shown")
    }

    @Test func theFirstSecondsWarmUp() {
        var snapshot = Snapshot()
        snapshot.current = .warmingUp(fraction: 0.5)
        let text = picture(snapshot).text
        #expect(text.contains("50 % of the first window"))
        #expect(text.contains("listening"))
        #expect(!text.contains("0 %\n"))
    }

    @Test func theProbabilityIsTheModelsAndTheBaselineIsShown() {
        var snapshot = Snapshot.steady(.init(angry: 0.96, sad: 0.04))
        snapshot.baseline = "learning 8 of 20 s"
        for (width, height) in [(80, 24), (120, 36), (200, 50), (60, 15)] {
            let text = picture(snapshot, width, height).text
            #expect(text.contains("model 96 %"), "\(width)x\(height)")
            #expect(text.contains("baseline: learning 8 of 20 s"), "\(width)x\(height)")
        }
    }

    @Test func whatGoesWrongIsShown() {
        var snapshot = Snapshot.steady(.init(sad: 1))
        #expect(!picture(snapshot).text.contains("CLIP"))
        (snapshot.levels.clipping, snapshot.levels.trouble) = (true, "CLIP")
        snapshot.performance.realTimeFactor = 1.2
        snapshot.performance.windowsDropped = 7
        snapshot.performance.secondsLost = 3.5
        snapshot.performance.overruns = 2
        snapshot.message = "the microphone is gone"
        let text = picture(snapshot).text
        for word in ["CLIP", "BEHIND", "dropped 7, lost 3.5 s", "the microphone is gone"] {
            #expect(text.contains(word))
        }
        let frame = picture(snapshot)
        #expect((1..<100).allSatisfy { frame[$0, 34].style == .alarm || frame[$0, 34].scalar == 0x20 })
        snapshot.performance = .init()
        #expect(
            !(0..<120).contains { picture(snapshot)[$0, 34].style.role == .alarm }, "where all is well, nothing is red")
        #expect(!text.contains("Space freeze"), "the message takes the keys' place")
    }

    @Test func theHeaderSaysWhatIsWritten() {
        func header(_ snapshot: Snapshot, _ width: Int = 120) -> String {
            String(picture(snapshot, width, 36).text.prefix { $0 != "\n" })
        }
        var snapshot = Snapshot.steady(.init(sad: 1))
        #expect(header(snapshot).hasSuffix("● REC session.csv 17.0 kB"))
        snapshot.audio = .init(file: "/home/me/session.wav", bytes: 2_400_000)
        #expect(header(snapshot).hasSuffix("● REC session.csv 17.0 kB · session.wav 2.4 MB"))
        #expect(header(snapshot, 80).hasSuffix("● REC csv 17.0 kB · wav 2.4 MB"))
        #expect(header(snapshot, 60).hasSuffix("● REC csv+wav"))
        #expect(header(snapshot, 40).hasSuffix("● REC"))
        snapshot.recording = .paused(file: "session.csv", rows: 3, bytes: 10)
        #expect(header(snapshot).hasSuffix("‖ REC paused session.csv 10 B · session.wav 2.4 MB"))
        snapshot.recording = .off
        #expect(header(snapshot).hasSuffix("● REC session.wav 2.4 MB"), "sound alone is a recording too")
        snapshot.audio = nil
        snapshot.ended = true
        #expect(header(snapshot).hasSuffix("not recording"))
        #expect(picture(snapshot).text.contains("end – q quits"))
    }

    @Test func aWideTitleIsCutByItsWidth() {
        var snapshot = Snapshot.steady(.init(happy: 1))
        snapshot.source.name = String(repeating: "会", count: 60)
        let header = String(picture(snapshot, 80, 24).text.prefix { $0 != "\n" })
        #expect(displayWidth(header) <= 79)
        #expect(header.contains("会…"))
        #expect(header.contains("1:00 / 1:30"), "the clock keeps its place")
    }

    @Test func bigWordsAreDrawnInBlocks() {
        for word in [
            "angry", "happy", "neutral", "sad", "no speech", "warming up", "no score", "unsure", "two at once",
        ] {
            let rows = BigLetters.dots(word)
            #expect(rows.count == 6 && Set(rows.map(\.count)).count == 1)
            #expect(word.filter { $0 != " " }.count * 4 <= rows[0].count + 8, "no letter of \(word) is missing")
            #expect(rows[5].allSatisfy { !$0 })
        }
    }
}
