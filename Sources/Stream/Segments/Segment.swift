import EmotionCore

/// A stretch of a recording with one speaker and one label.
package struct Segment: Equatable, Sendable {
    /// Samples from the beginning of the recording.
    package private(set) var range: Range<Int>
    /// The name of the speaker; nil where speakers are not told apart or none is known.
    package let speaker: String?
    package let label: SegmentLabel
    /// What the probabilities of its newest window were corrected by; nil where there are none.
    package private(set) var baseline: BaselineState?

    /// The sum of the windows' raw probabilities, each times the samples that it has them for.
    private var sum = SIMD4<Double>()
    /// Samples of the segment's own windows, without those of segments that it absorbed.
    private var own: Int

    /// The part of a recording that belongs to one window.
    ///
    /// - Returns: nil where the row is about no window.
    init?(_ row: Row, over range: Range<Int>) {
        guard let label = SegmentLabel(row) else { return nil }
        self.range = range
        self.label = label
        speaker = row.speaker
        baseline = row.baseline
        own = range.count
        if let scores = row.scores { sum = SIMD4(scores.values.map(Double.init)) * Double(own) }
    }

    /// The mean over time of the raw probabilities of its windows: each in 0…1, sum 1; nil where the label is none of
    /// speech.
    package var probabilities: EmotionScores? {
        guard case .speech = label, own > 0 else { return nil }
        return EmotionScores { Float(sum[$0.index] / Double(own)) }
    }

    /// The probability of the label, or the greatest one for unsure; nil where the label is none of speech.
    package var probability: Double? {
        guard case .speech(let decision) = label, let scores = probabilities else { return nil }
        return Double(scores[decision.emotion ?? scores.argmax])
    }

    /// Whether `other` has the same speaker and label, so that the two are one segment where they meet.
    func continues(_ other: Segment) -> Bool { speaker == other.speaker && label == other.label }

    /// Whether `next` begins where the segment ends.
    package func touches(_ next: Segment) -> Bool { range.upperBound == next.range.lowerBound }

    /// Joins the segment that follows, which has the same speaker and label.
    mutating func join(_ next: Segment) {
        range = range.lowerBound..<next.range.upperBound
        baseline = next.baseline
        sum += next.sum
        own += next.own
    }

    /// Takes over the time of an adjacent segment, and nothing else of it.
    mutating func absorb(_ other: Segment) {
        range = min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound)
    }
}
