/// A colour of the program's pictures, in its dark and its light form, as `0xRRGGBB`.
///
/// The emotions are vermilion, amber, grey and blue. Each pair is at least 0.1 apart in OKLab, for normal vision and for
/// each of the three kinds of colour blindness; no two differ by red against green alone.
package enum ThemeColor: Sendable {
    /// Labels, rules and other faint things, what is pointed out, and what is wrong.
    case label, faint, accent, alarm
    case emotion(Emotion)

    /// The colour on a light or on a dark background.
    package func value(isLight: Bool) -> Int {
        switch self {
        case .label: isLight ? 0x7A808A : 0x868C97
        case .faint: isLight ? 0xC4C9D0 : 0x4A4F58
        case .accent: isLight ? 0x0B7A80 : 0x5FD3D8
        case .alarm: isLight ? 0xA8178C : 0xFF8CE0
        case .emotion(.angry): isLight ? 0x9C2A00 : 0xFF6650
        case .emotion(.happy): isLight ? 0xCC8A00 : 0xFFD95A
        case .emotion(.neutral): isLight ? 0x636A73 : 0xAEB4BE
        case .emotion(.sad): isLight ? 0x1479D6 : 0x4A9DFF
        }
    }

    /// The colour for CSS: `#FF6650`.
    package func css(isLight: Bool) -> String {
        let digits = String(value(isLight: isLight), radix: 16, uppercase: true)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}

extension Emotion {
    /// The emotion's initial, for places with no room for the word. Colour alone never tells two emotions apart.
    package var letter: String {
        switch self {
        case .angry: "A"
        case .happy: "H"
        case .neutral: "N"
        case .sad: "S"
        }
    }
}
