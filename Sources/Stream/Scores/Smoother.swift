import EmotionCore
import Glibc

/// Exponential smoothing of scores over stream time.
///
/// The weight of past scores falls by a factor of e every `timeConstant` seconds of stream time. The result therefore
/// depends neither on the hop nor on dropped windows, and scores from before a pause in the speech fade.
package struct Smoother: Sendable {
    /// Seconds; 0 switches smoothing off.
    package let timeConstant: Double

    private var last: (scores: EmotionScores, time: Double)?

    package init(timeConstant: Double) {
        self.timeConstant = timeConstant
    }

    /// The smoothed scores after `scores` at `time` (seconds of the stream, not before the previous call's).
    package mutating func smooth(_ scores: EmotionScores, at time: Double) -> EmotionScores {
        guard timeConstant > 0, let last else {
            last = (scores, time)
            return scores
        }
        let share = 1 - exp(-(time - last.time) / timeConstant)
        let smoothed = last.scores.blended(with: scores, share: Float(share))
        self.last = (smoothed, time)
        return smoothed
    }

    /// Discards the past scores, at the start of another recording.
    package mutating func reset() {
        last = nil
    }
}
