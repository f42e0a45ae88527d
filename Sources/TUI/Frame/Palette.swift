/// A set of colours.
public enum Theme: Sendable, CaseIterable {
    /// For dark backgrounds.
    case dark
    /// For light backgrounds.
    case light
    /// The terminal's own sixteen colours, whatever the user made of them.
    case plain

    var next: Theme {
        switch self {
        case .dark: .light
        case .light: .plain
        case .plain: .dark
        }
    }
}

/// How many colours the terminal shows.
enum ColorDepth: Sendable, CaseIterable {
    case monochrome, eight, sixteen, indexed, direct
}

/// What the terminal is told for one cell.
struct Paint: Hashable, Sendable {
    /// `nil` is the terminal's own; else an index of its palette, or `0xRRGGBB` where it takes colours directly.
    var color: Int?
    var bold = false
    var dim = false
    var reverse = false
}

/// Inks to colours. The emotions are vermilion, amber, grey and blue, chosen so that each pair stays at least 0.1 apart
/// in OKLab for normal vision and for each of the three kinds of colour blindness; red never stands against green.
struct Palette: Sendable {
    var theme: Theme
    var depth: ColorDepth

    func paint(_ style: Style) -> Paint {
        var paint = Paint(color: nil, bold: style.bold, dim: false, reverse: style.reverse)
        switch depth {
        case .monochrome:
            paint.dim = !style.bold && (style.ink == .faint || style.ink == .label)
        case .eight:
            let (color, bright) = Self.sixteen(style.ink)
            // Eight colours have no grey: what recedes is the terminal's own colour, dim.
            paint.color = style.ink == .faint ? nil : color
            paint.dim = style.ink == .faint
            paint.bold = style.bold || (bright && style.ink != .faint)
        case .sixteen:
            paint.color = sixteenIndex(style.ink)
        case .indexed:
            paint.color = theme == .plain ? sixteenIndex(style.ink) : Self.indexed(style.ink, theme)
        case .direct:
            // Small numbers name the terminal's palette on direct-colour terminals too.
            paint.color = theme == .plain ? sixteenIndex(style.ink).map { $0 & 7 } : Self.direct(style.ink, theme)
        }
        return paint
    }

    private func sixteenIndex(_ ink: Ink) -> Int? {
        let (color, bright) = Self.sixteen(ink)
        return color.map { bright && theme != .light ? $0 + 8 : $0 }
    }

    /// One of the eight, and whether its bright form is meant.
    private static func sixteen(_ ink: Ink) -> (color: Int?, bright: Bool) {
        switch ink {
        case .text, .label: (nil, false)
        case .faint: (0, true)
        case .accent: (6, false)
        case .alarm: (5, true)
        case .angry: (1, true)
        case .happy: (3, true)
        case .neutral: (nil, false)
        case .sad: (4, true)
        case .levelLow: (6, false)
        case .levelMiddle: (3, false)
        case .levelHigh: (1, true)
        }
    }

    private static func indexed(_ ink: Ink, _ theme: Theme) -> Int? {
        let dark = theme == .dark
        switch ink {
        case .text: return nil
        case .label: return dark ? 244 : 244
        case .faint: return dark ? 239 : 251
        case .accent: return dark ? 80 : 30
        case .alarm: return dark ? 213 : 127
        case .angry: return dark ? 203 : 160
        case .happy: return dark ? 221 : 172
        case .neutral: return dark ? 249 : 242
        case .sad: return dark ? 75 : 32
        case .levelLow: return dark ? 73 : 30
        case .levelMiddle: return dark ? 221 : 172
        case .levelHigh: return dark ? 209 : 160
        }
    }

    private static func direct(_ ink: Ink, _ theme: Theme) -> Int? {
        let dark = theme == .dark
        switch ink {
        case .text: return nil
        case .label: return dark ? 0x868C97 : 0x7A808A
        case .faint: return dark ? 0x4A4F58 : 0xC4C9D0
        case .accent: return dark ? 0x5FD3D8 : 0x0B7A80
        case .alarm: return dark ? 0xFF8CE0 : 0xA8178C
        case .angry: return dark ? 0xFF6650 : 0x9C2A00
        case .happy: return dark ? 0xFFD95A : 0xCC8A00
        case .neutral: return dark ? 0xAEB4BE : 0x636A73
        case .sad: return dark ? 0x4A9DFF : 0x1479D6
        case .levelLow: return dark ? 0x57B3AE : 0x0B7A80
        case .levelMiddle: return dark ? 0xFFD95A : 0xCC8A00
        case .levelHigh: return dark ? 0xFF8A5C : 0x9C2A00
        }
    }
}
