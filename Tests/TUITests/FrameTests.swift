import Testing

@testable import EmotionTUI

@Suite struct FrameTests {
    @Test func writesOutsideDoNothingAndAreCounted() {
        var frame = Frame(width: 3, height: 2)
        frame.put("abcdef", x: 1, y: 1, .text)
        frame.put("x", x: -1, y: 0, .text)
        frame.put("x", x: 0, y: 2, .text)
        #expect(frame.text == "\n ab\n")
        #expect(frame.overflow == 6)
        #expect(Frame(width: -4, height: 7).text.allSatisfy { $0 == "\n" })
    }

    @Test func longTextEndsInAnEllipsisByDisplayWidth() {
        var frame = Frame(width: 20, height: 4)
        #expect(frame.put("conversation", x: 0, y: 0, .text, limit: 8) == 8)
        #expect(frame.put("日本語の会話", x: 0, y: 1, .text, limit: 8) == 7)
        #expect(frame.put("日本語の会話", x: 0, y: 2, .text, limit: 12) == 12)
        #expect(frame.put("abc", x: 0, y: 3, .text, limit: 0) == 0)
        #expect(frame.text == "convers…\n日本語…\n日本語の会話\n\n")
        #expect(frame[1, 2].scalar == 0)
        #expect(frame.overflow == 0)
    }

    @Test func controlCharactersNeverReachTheTerminal() {
        var frame = Frame(width: 20, height: 1)
        frame.put("a\u{1B}[2J\n\u{9B}\u{7F}\u{200B}\u{202E}z", x: 0, y: 0, .text)
        #expect(frame.text == "a?[2J???z\n")
    }

    @Test func combiningMarksStayWithTheirLetter() {
        var frame = Frame(width: 8, height: 1)
        #expect(frame.put("e\u{301}a\u{308}\u{301}z", x: 0, y: 0, .text) == 3)
        #expect(frame[0, 0].mark == 0x301)
        #expect(frame[1, 0].mark == 0x308)
        #expect(frame.put("\u{301}x", x: 4, y: 0, .text) == 1)
        #expect(frame[3, 0].mark == 0)
    }

    @Test func asciiPicturesHoldOnlyAscii() {
        var frame = Frame(width: 12, height: 1, asciiOnly: true)
        frame.put("é日本x…", x: 0, y: 0, .text)
        #expect(frame.text == "?????x?\n")
    }

    @Test(arguments: [
        ("abc", 3), ("日本", 4), ("한글", 4), ("e\u{301}", 1), ("🙂", 2), ("\u{1F1E9}", 2), ("─│⣿", 3), ("ｆ", 2), ("", 0),
    ])
    func displayWidthFollowsEastAsianWidth(text: String, columns: Int) {
        #expect(displayWidth(text) == columns)
    }

    /// Every dot of a cell is a bit of its own, as Unicode numbers them.
    @Test func dotsBecomeBraille() {
        let expected: [[UInt32]] = [[0x2801, 0x2808], [0x2802, 0x2810], [0x2804, 0x2820], [0x2840, 0x2880]]
        for y in 0..<4 {
            for x in 0..<2 {
                var canvas = DotCanvas(columns: 1, rows: 1, glyphs: .braille)
                canvas.set(x: x, y: y, .text)
                var frame = Frame(width: 1, height: 1)
                canvas.draw(into: &frame, x: 0, y: 0)
                #expect(frame[0, 0].scalar == expected[y][x])
            }
        }
    }
}
