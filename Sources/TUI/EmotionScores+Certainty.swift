import EmotionCore

extension EmotionScores {
    /// Words for the distance between the likeliest emotion and the next.
    var certainty: String {
        let best = argmax
        let next = Emotion.allCases.filter { $0 != best }.map { self[$0] }.max() ?? 0
        switch self[best] - next {
        case 0.5...: return "sure"
        case 0.25..<0.5: return "fairly sure"
        case 0.1..<0.25: return "leaning"
        default: return "undecided"
        }
    }
}
