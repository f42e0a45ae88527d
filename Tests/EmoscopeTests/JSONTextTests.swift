import EmotionCore
import Testing

@testable import emoscope

/// The JSON that commands print.
@Suite struct JSONTextTests {
    private struct Answer: Encodable {
        let label: String
        let peakRate: RoundedNumber
    }

    @Test func keysAreSortedAndInSnakeCaseOnOneLine() throws {
        let answer = Answer(label: "a/\"b\"\n", peakRate: RoundedNumber(2 / 3, places: 4))
        #expect(try JSONText.line(answer) == #"{"label":"a/\"b\"\n","peak_rate":0.6667}"#)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatIsNoNumberIsNull(value: Double) throws {
        #expect(try JSONText.line(["x": RoundedNumber(value, places: 3)]) == #"{"x":null}"#)
        let scores = EmotionScores(angry: Float(value), happy: 0.25)
        #expect(
            try JSONText.line(scores.rounded(places: 2)) == #"{"angry":null,"happy":0.25,"neutral":0,"sad":0}"#)
    }
}
