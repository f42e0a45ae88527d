import EmotionCore
import Testing

@testable import EmotionStream

@Suite struct HistoryTests {
    private func row(_ status: RowStatus, at end: Double, isWindow: Bool) -> Row {
        var row = Row(start: end - 3, end: end, wallEnd: WallTime(nanoseconds: 0), status: status)
        if isWindow { row.level = -30 }
        return row
    }

    /// Without a point there, a curve would be drawn across the loss.
    @Test func aWindowInALossIsAPointWithoutScores() {
        let history = History()
        history.write(row(.ok, at: 3, isWindow: true))
        history.write(row(.overrun, at: 3.5, isWindow: true))
        history.write(row(.overrun, at: 3.6, isWindow: false))
        history.write(row(.deviceLost, at: 4, isWindow: true))
        history.write(row(.deviceLost, at: 4.1, isWindow: false))
        #expect(history.withContent { $0.points.map(\.time) } == [3, 3.5, 4])
        #expect(history.withContent { $0.points.map(\.status) } == [.ok, .overrun, .deviceLost])
    }
}
