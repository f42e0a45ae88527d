/// The diarization error rate by NIST's definition (Rich Transcription evaluations, md-eval): the time that is given to
/// the wrong speaker, to nobody, or to a speaker where there is none, as a share of the true speakers' speech time.
///
///     var rate = DiarizationErrorRate()
///     rate.add(reference: truth, hypothesis: found, collar: 0.25, countsOverlap: false)
///     print(rate.value)
///
/// At each moment, R true speakers and H found ones speak. R counts as speech time, what R exceeds H by as missed, what
/// H exceeds R by as false alarm, and the rest, less the pairs that belong together, as confused. Found speakers belong
/// to true ones by the one-to-one mapping with the most speech time in common within the scored time.
///
/// The collar is on either side of each boundary of a true turn (pyannote.metrics counts both sides: its 0.5 s are
/// 0.25 s here). Turns of one speaker that overlap or touch are one turn.
package struct DiarizationErrorRate: Equatable, Sendable {
    /// The speech time of all true speakers within the scored time, in seconds.
    package private(set) var total = 0.0
    /// Speech time that was given to nobody.
    package private(set) var missed = 0.0
    /// Time that was given to a speaker who does not exist.
    package private(set) var falseAlarm = 0.0
    /// Speech time that was given to another speaker.
    package private(set) var confused = 0.0

    package init() {}

    /// The error time as a share of the speech time, 0 or more; NaN without speech.
    package var value: Double { (missed + falseAlarm + confused) / total }

    /// Counts a recording.
    ///
    /// - Parameters:
    ///   - reference: The true turns.
    ///   - hypothesis: The turns that were found, whose speakers may have any names.
    ///   - collar: Seconds before and after each boundary of a true turn that are not scored, 0 or more.
    ///   - countsOverlap: Whether time is scored in which several true speakers speak.
    /// - Returns: The true speaker of each found one that has one.
    /// - Complexity: O(t · log t + t · s²) for t turns, s of them at once, and O(n³) for n speakers.
    @discardableResult
    package mutating func add(
        reference: [SpeakerTurn], hypothesis: [SpeakerTurn], collar: Double, countsOverlap: Bool
    ) -> [String: String] {
        let timeline = DiarizationTimeline(reference: reference, hypothesis: hypothesis, collar: collar)
        let pieces = timeline.pieces.filter { countsOverlap || $0.reference.count < 2 }
        let mapping = timeline.mapping(of: pieces)
        for piece in pieces {
            let (spoken, found) = (piece.reference.count, piece.hypothesis.count)
            let matched = piece.hypothesis.count { speaker in
                mapping[speaker].map(piece.reference.contains) ?? false
            }
            total += Double(spoken) * piece.length
            missed += Double(max(0, spoken - found)) * piece.length
            falseAlarm += Double(max(0, found - spoken)) * piece.length
            confused += Double(min(spoken, found) - matched) * piece.length
        }
        let named = mapping.enumerated().compactMap { found, partner in
            partner.map { (timeline.hypothesisSpeakers[found], timeline.referenceSpeakers[$0]) }
        }
        return Dictionary(uniqueKeysWithValues: named)
    }

    /// Counts all that `other` has counted.
    package mutating func add(_ other: DiarizationErrorRate) {
        total += other.total
        missed += other.missed
        falseAlarm += other.falseAlarm
        confused += other.confused
    }
}
