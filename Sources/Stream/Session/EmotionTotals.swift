import EmotionCore

/// How long each emotion was shown.
package struct EmotionTotals: Equatable, Sendable {
    /// Seconds of the stream by emotion, as the smoothed decision on the window that ends there names it.
    package private(set) var seconds: [Emotion: Double] = [:]
    /// Seconds of the stream where that decision is "unsure", and windows that have it.
    package private(set) var unsureSeconds = 0.0
    package private(set) var unsure = 0

    package init() {}

    package var spokenSeconds: Double { seconds.values.reduce(unsureSeconds, +) }

    /// Adds the decision on a window, for the seconds since the window before it.
    mutating func add(_ decision: Decision?, _ new: Double) {
        switch decision {
        case .emotion(let emotion): seconds[emotion, default: 0] += new
        case .unsure:
            unsure += 1
            unsureSeconds += new
        case nil: break
        }
    }

    /// Adds the totals of another voice that was the same speaker.
    mutating func add(_ other: EmotionTotals) {
        seconds.merge(other.seconds, uniquingKeysWith: +)
        unsureSeconds += other.unsureSeconds
        unsure += other.unsure
    }
}
