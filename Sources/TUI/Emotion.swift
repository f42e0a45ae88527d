/// The four emotions in the order that every part of the tool keeps.
enum Emotion: Int, CaseIterable, Sendable {
    case angry, happy, neutral, sad

    /// The word on the screen.
    var name: String {
        switch self {
        case .angry: "angry"
        case .happy: "happy"
        case .neutral: "neutral"
        case .sad: "sad"
        }
    }

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

extension DashboardSnapshot.Scores {
    subscript(emotion: Emotion) -> Float {
        switch emotion {
        case .angry: angry
        case .happy: happy
        case .neutral: neutral
        case .sad: sad
        }
    }

    /// All four are numbers.
    var isFinite: Bool {
        angry.isFinite && happy.isFinite && neutral.isFinite && sad.isFinite
    }

    /// The most likely emotion; the first of equals.
    var top: Emotion {
        var best = Emotion.angry
        for emotion in Emotion.allCases where self[emotion] > self[best] { best = emotion }
        return best
    }

    /// How far the most likely lies above the next, in words.
    var certainty: String {
        let best = top
        let next = Emotion.allCases.filter { $0 != best }.map { self[$0] }.max() ?? 0
        switch self[best] - next {
        case 0.5...: return "sure"
        case 0.25..<0.5: return "fairly sure"
        case 0.1..<0.25: return "leaning"
        default: return "undecided"
        }
    }
}
