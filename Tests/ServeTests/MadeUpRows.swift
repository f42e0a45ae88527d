import EmotionCore

@testable import EmotionStream

/// A row about a window, half a second after the one before it.
func madeUpRow(_ number: Int, _ status: RowStatus = .ok) -> Row {
    let start = Double(number) / 2
    var row = Row(start: start, end: start + 3, wallEnd: .now, status: status)
    row.sequence = number
    (row.speech, row.level) = (0.75, -23.5)
    if status == .dropped { row.missingSeconds = 0.5 }
    guard status == .ok else { return row }
    row.scores = EmotionScores(angry: 0.7, happy: 0.1, neutral: 0.15, sad: 0.05)
    row.smoothed = row.scores
    (row.decision, row.smoothedDecision) = (.emotion(.angry), .emotion(.angry))
    (row.inference, row.latency) = (30, 31)
    row.note = "two\nlines, \"quoted\""
    return row
}
