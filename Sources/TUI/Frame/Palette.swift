/// The colours of a theme at a colour depth.
///
/// The emotions are vermilion, amber, grey and blue. Each pair is at least 0.1 apart in OKLab, for normal vision and
/// for each of the three kinds of colour blindness; no two differ by red against green alone.
struct Palette: Sendable {
    var theme: Theme
    var depth: ColorDepth

    /// Returns the attributes of a cell of this style.
    func attributes(of style: Style) -> CellAttributes {
        var attributes = CellAttributes(color: nil, bold: style.bold, dim: false, reverse: style.reverse)
        switch depth {
        case .monochrome:
            attributes.dim = !style.bold && (style.role == .faint || style.role == .label)
        case .eight:
            let (color, bright) = Self.sixteen(style.role)
            // Eight colours have no grey: faint cells take the terminal's own colour, dimmed.
            attributes.color = style.role == .faint ? nil : color
            attributes.dim = style.role == .faint
            attributes.bold = style.bold || (bright && style.role != .faint)
        case .sixteen:
            attributes.color = sixteenIndex(style.role)
        case .indexed:
            attributes.color = theme == .plain ? sixteenIndex(style.role) : Self.indexed(style.role, theme)
        case .direct:
            // Numbers below 8 are indices of the palette on direct-colour terminals too.
            attributes.color =
                theme == .plain ? sixteenIndex(style.role).map { $0 & 7 } : Self.direct(style.role, theme)
        }
        return attributes
    }

    /// Returns the index in a palette of sixteen; the light theme has no bright variants.
    private func sixteenIndex(_ role: ColorRole) -> Int? {
        let (color, bright) = Self.sixteen(role)
        return color.map { bright && theme != .light ? $0 + 8 : $0 }
    }

    /// Returns one of the eight colours, and whether its bright variant is meant.
    private static func sixteen(_ role: ColorRole) -> (color: Int?, bright: Bool) {
        switch role {
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

    private static func indexed(_ role: ColorRole, _ theme: Theme) -> Int? {
        let dark = theme == .dark
        switch role {
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

    private static func direct(_ role: ColorRole, _ theme: Theme) -> Int? {
        let dark = theme == .dark
        switch role {
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
