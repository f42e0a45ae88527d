import Model
import Stream

extension Scores {
    init(_ scores: EmotionScores) {
        self.init(
            angry: scores[.angry], happy: scores[.happy], neutral: scores[.neutral], sad: scores[.sad])
    }
}
