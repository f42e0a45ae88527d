import EmotionCore

/// How an emotion looks on the dashboard.
extension Emotion {
    /// One letter for places with no room for a word; colour alone never tells two emotions apart.
    var letter: String {
        switch self {
        case .angry: "A"
        case .happy: "H"
        case .neutral: "N"
        case .sad: "S"
        }
    }

    /// The ink that draws it.
    var ink: Ink {
        switch self {
        case .angry: .angry
        case .happy: .happy
        case .neutral: .neutral
        case .sad: .sad
        }
    }

    /// The line style of its trajectory, so that the lines differ without colour as well.
    var stroke: Stroke {
        switch self {
        case .angry: .solid
        case .happy: .dashed
        case .neutral: .dotted
        case .sad: .dashDotted
        }
    }
}

extension EmotionScores {
    /// How far the most likely lies above the next, in words.
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
