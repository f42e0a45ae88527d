import EmotionCore
import Testing

@testable import EmotionTUI

@Suite struct NumbersTests {
    let numbers = Numbers(glyphs: .braille)

    @Test func whatIsMissingIsADash() {
        #expect(numbers.percent(nil) == "  – %")
        #expect(numbers.percent(.nan) == "  – %")
        #expect(numbers.milliseconds(nil) == "–")
        #expect(numbers.decibels(.nan) == "–")
        #expect(Numbers(glyphs: .ascii).milliseconds(nil) == "-")
    }

    @Test func percentagesTakeFiveColumns() {
        let texts = [0, 0.004, 0.62, 1, 7, -1].map(numbers.percent)
        #expect(texts == ["  0 %", "  0 %", " 62 %", "100 %", "100 %", "  0 %"])
    }

    @Test func timesAndSizes() {
        #expect([0, 42.9, 754, 3723, -5].map(numbers.clock) == ["0:00", "0:42", "12:34", "1:02:03", "0:00"])
        #expect([4.25, 84.4, 1234].map(numbers.milliseconds) == ["4.3 ms", "84 ms", "1.2 s"])
        let sizes = [0, 999, 1000, 999_949, 999_950, 17_020_000].map(numbers.bytes)
        #expect(sizes == ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "17.0 MB"])
        #expect(
            [-23.4, 0, -0.4, 0.4, -.infinity, 1.9, 250].map(numbers.decibels)
                == ["-23", "0", "0", "0", "-inf", ">0", ">0"])
        #expect(numbers.fixed(-0.104, 2) == "-0.10")
        #expect(numbers.fixed(2.005, 0) == "2")
    }
}
