/// A stretch of a recording in which somebody speaks.
package struct SpeakerTurn: Equatable, Sendable {
    package var speaker: String
    /// Start and end in seconds; the end is after the start.
    package var start: Double
    package var end: Double

    package init(speaker: String, start: Double, end: Double) {
        self.speaker = speaker
        self.start = start
        self.end = end
    }
}

extension [SpeakerTurn] {
    /// The stretches of each speaker, ascending, with those joined that overlap or touch.
    func joined() -> [String: [Range<Double>]] {
        var stretches: [String: [Range<Double>]] = [:]
        for turn in sorted(by: { $0.start < $1.start }) where turn.end > turn.start {
            var own = stretches[turn.speaker] ?? []
            if let last = own.last, last.upperBound >= turn.start {
                own[own.count - 1] = last.lowerBound..<Swift.max(last.upperBound, turn.end)
            } else {
                own.append(turn.start..<turn.end)
            }
            stretches[turn.speaker] = own
        }
        return stretches
    }
}
