/// The error rates of several recordings, scored in each of the usual ways.
package struct DiarizationScores: Equatable, Sendable {
    /// A way of scoring.
    package struct Rule: Hashable, Sendable {
        /// Seconds on either side of a boundary of a true turn that are not scored.
        package let collar: Double
        package let countsOverlap: Bool
    }

    /// NIST's collar of 0.25 s and none, each without and with overlapped speech.
    package static let rules = [0.25, 0].flatMap { collar in
        [false, true].map { Rule(collar: collar, countsOverlap: $0) }
    }

    /// The rates of each recording, in the order of `rules`.
    package private(set) var recordings: [String: [DiarizationErrorRate]] = [:]
    /// The rates of all recordings together, each weighted by its speech time, in the order of `rules`.
    package private(set) var all = rules.map { _ in DiarizationErrorRate() }

    package init() {}

    /// Counts a recording.
    package mutating func add(_ recording: String, reference: [SpeakerTurn], hypothesis: [SpeakerTurn]) {
        let rates = Self.rules.map { rule in
            var rate = DiarizationErrorRate()
            rate.add(
                reference: reference, hypothesis: hypothesis, collar: rule.collar, countsOverlap: rule.countsOverlap)
            return rate
        }
        recordings[recording] = rates
        for (index, rate) in rates.enumerated() { all[index].add(rate) }
    }
}
