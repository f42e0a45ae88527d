/// How soon and how steadily a session says, while it goes on, who speaks.
package struct SpeakerTiming: Equatable, Sendable {
    /// Seconds in which a true speaker must have spoken for a switch to him to be right.
    private static let recent = 1.5

    /// Seconds from a true speaker's first words until he is shown for the first time; nil where he never is.
    package private(set) var delays: [Double?] = []
    /// Switches from one voice to another one whose speaker did not speak just before.
    package private(set) var wrongSwitches = 0
    /// Seconds of the recordings.
    package private(set) var seconds = 0.0
    /// Recordings, and those in which as many voices were found as there are.
    package private(set) var (recordings, rightCounts) = (0, 0)

    package init() {}

    /// Wrong switches in a minute; NaN without recordings.
    package var wrongSwitchesPerMinute: Double { Double(wrongSwitches) / seconds * 60 }

    /// Counts a recording.
    ///
    /// - Parameters:
    ///   - shown: Who was shown as the one who speaks, from when until when, ascending.
    ///   - mapping: The true speaker of each voice that has one.
    package mutating func add(
        reference: [SpeakerTurn], shown: [SpeakerTurn], mapping: [String: String], seconds: Double
    ) {
        self.seconds += seconds
        recordings += 1
        let names = Set(reference.map(\.speaker))
        if Set(shown.map(\.speaker)).count == names.count { rightCounts += 1 }
        for name in names.sorted() {
            let first = reference.filter { $0.speaker == name }.map(\.start).min() ?? 0
            let known = shown.first { mapping[$0.speaker] == name && $0.end > first }
            delays.append(known.map { max(0, $0.start - first) })
        }
        for (before, turn) in zip(shown, shown.dropFirst()) where before.speaker != turn.speaker {
            let isRight = reference.contains {
                $0.speaker == mapping[turn.speaker] && $0.start <= turn.start && $0.end > turn.start - Self.recent
            }
            if !isRight { wrongSwitches += 1 }
        }
    }

    /// The share of speakers who were shown at most `seconds` after their first words; NaN without speakers.
    package func share(within seconds: Double) -> Double {
        Double(delays.count { $0.map { $0 <= seconds } ?? false }) / Double(delays.count)
    }

    /// The median of the delays; infinite where half of the speakers are never shown.
    package var medianDelay: Double {
        let sorted = delays.map { $0 ?? .infinity }.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }
}
