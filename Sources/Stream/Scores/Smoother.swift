import EmotionCore
import Glibc

/// Exponential smoothing of scores over stream time.
///
/// The weight of the past falls by e every `timeConstant` seconds *of stream time*, so that the result depends
/// on neither the hop nor how many windows were dropped, and a pause in the speech fades what was before it.
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

    /// Forgets the past, at the start of another recording.
    package mutating func reset() {
        last = nil
    }
}
