import Testing

@testable import EmotionStream
@testable import emoscope

/// The summary of a session as text.
@Suite struct SummaryTextTests {
    private func summary(_ statuses: [RowStatus]) -> SessionSummary {
        var summary = SessionSummary()
        for (index, status) in statuses.enumerated() {
            var row = Row(start: Double(index), end: Double(index) + 3, wallEnd: .now, status: status)
            row.level = -20
            summary.add(row)
        }
        return summary
    }

    @Test func windowsOfTwoSpeakersAtOnceAreNamedWhereThereAreAny() {
        #expect(SummaryText.windows(summary([.ok, .silence])) == "2 windows: 1 speech, 1 silence, 0 dropped")
        #expect(
            SummaryText.windows(summary([.ok, .overlap, .silence, .overlap, .dropped]))
                == "5 windows: 1 speech, 1 silence, 2 of two at once, 1 dropped")
    }
}
