import Testing

@testable import EmotionTUI

/// Two channels on one dashboard.
@Suite struct LanesTests {
    private let happy = Snapshot.steady(.init(angry: 0, happy: 0.82, neutral: 0.12, sad: 0.06))
    private let sad = Snapshot.steady(.init(angry: 0.03, happy: 0, neutral: 0.26, sad: 0.71))

    private func says(_ word: String, _ text: String) -> Bool {
        let spaced = word.map(String.init).joined(separator: " ")
        return text.contains(word) || text.contains(spaced)
    }

    /// The upper and the lower lane of the picture as text.
    private func halves(_ frame: Frame) -> (String, String) {
        let lines = frame.text.components(separatedBy: "\n")
        let second = lines.firstIndex { $0.contains("channel 2") || $0.hasPrefix(" 2 ") } ?? 0
        return (lines[..<second].joined(separator: "\n"), lines[second...].joined(separator: "\n"))
    }

    @Test(arguments: [(40, 10), (60, 15), (80, 24), (120, 36), (200, 60), (76, 20), (200, 15)])
    func eachChannelHasALaneWithItsLabelAndItsLine(width: Int, height: Int) {
        for glyphs in Glyphs.allCases {
            let frame = picture(.split(happy, sad), width, height, glyphs: glyphs)
            #expect(frame.overflow == 0)
            let (top, bottom) = halves(picture(.split(happy, sad), width, height, glyphs: .ascii))
            #expect(says("HAPPY", top) && top.contains("82 %"), "at \(width)×\(height):\n\(top)")
            #expect(says("SAD", bottom) && bottom.contains("71 %"), "at \(width)×\(height):\n\(bottom)")
            #expect(!says("SAD", top) && !says("HAPPY", bottom))
            #expect(top.contains("dBFS") && bottom.contains("dBFS"))
            // The leading curve is drawn in its role, in its half of the picture.
            func share(_ role: ColorRole, _ rows: Range<Int>) -> Int {
                rows.map { y in (0..<width).count { frame[$0, y].style.role == role } }.max() ?? 0
            }
            let middle = height / 2
            #expect(share(.happy, 1..<middle) > width / 5 && share(.sad, (middle + 1)..<(height - 1)) > width / 5)
        }
    }

    @Test func performanceIsShownAtEverySize() {
        var snapshot = Snapshot.split(happy, sad)
        snapshot.performance.windowsDropped = 3
        for (width, height) in [(60, 15), (80, 24)] {
            let text = picture(snapshot, width, height).text
            #expect(text.contains("dropped 3") && text.contains("latency 84 ms"), "at \(width)×\(height)")
        }
        let wide = picture(snapshot, 120, 36).text
        #expect(wide.contains("latency 84 ms") && wide.contains("session.csv"))
    }

    @Test func theBigViewShowsBothLabels() {
        var state = DashboardState()
        state.view = .big
        for (width, height) in [(40, 10), (60, 15), (80, 24), (120, 36)] {
            let (top, bottom) = halves(picture(.split(happy, sad), width, height, state: state, glyphs: .ascii))
            #expect(top.contains("channel 1") && says("HAPPY", top), "at \(width)×\(height):\n\(top)")
            #expect(bottom.contains("channel 2") && says("SAD", bottom), "at \(width)×\(height):\n\(bottom)")
        }
    }

    @Test func aSilentChannelNamesNoEmotionBesideASpeakingOne() {
        let quiet = Snapshot.steady(.init(angry: 0.97, happy: 0.03, neutral: 0, sad: 0)) { _ in .silence }
        for (width, height) in [(40, 10), (60, 15), (80, 24), (120, 36)] {
            let (top, bottom) = halves(picture(.split(happy, quiet), width, height, glyphs: .ascii))
            #expect(says("HAPPY", top) && !says("ANGRY", bottom) && !bottom.contains("97 %"))
            let isQuiet = bottom.contains("NO SPEECH") || bottom.contains("N O   S P E E C H")
            #expect(isQuiet, "at \(width)×\(height):\n\(bottom)")
        }
    }
}
