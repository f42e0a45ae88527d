import EmotionCore

/// The look of an emotion on the dashboard.
extension Emotion {
    /// The colour of its curve, bar and label.
    var colorRole: ColorRole {
        switch self {
        case .angry: .angry
        case .happy: .happy
        case .neutral: .neutral
        case .sad: .sad
        }
    }

    /// The letter that fills its runs of the ribbon in ASCII, and the shade without colour.
    var shade: (letter: Unicode.Scalar, block: Unicode.Scalar) {
        switch self {
        case .angry: ("a", "█")
        case .happy: ("h", "▓")
        case .neutral: ("n", "░")
        case .sad: ("s", "▒")
        }
    }

    /// The dash pattern of its curve, so that the curves differ without colour as well.
    var dashPattern: DashPattern {
        switch self {
        case .angry: .solid
        case .happy: .dashed
        case .neutral: .dotted
        case .sad: .dashDotted
        }
    }
}
