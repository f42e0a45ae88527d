/// The colours of a theme at a colour depth.
///
/// The emotions are vermilion, amber, grey and blue. Each pair is at least 0.1 apart in OKLab, for normal vision and
/// for each of the three kinds of colour blindness; no two differ by red against green alone.
struct Palette: Sendable {
    var theme: Theme
    var depth: ColorDepth

    /// Whether emotions differ by colour.
    var hasColor: Bool { depth != .monochrome && theme != .mono }

    /// Whether cells can be tinted: the terminal has shades enough, and the theme names them.
    var hasTints: Bool { (depth == .indexed || depth == .direct) && theme != .plain && theme != .mono }

    /// Returns the attributes of a cell of this style.
    func attributes(of style: Style) -> CellAttributes {
        var attributes = CellAttributes(bold: style.bold, reverse: style.reverse)
        guard hasColor else {
            attributes.dim = !style.bold && (style.isDim || style.role == .faint || style.role == .label)
            return attributes
        }
        switch depth {
        case .monochrome: break
        case .eight:
            let (color, bright) = Self.sixteen(style.role)
            // Eight colours have no grey: faint cells take the terminal's own colour, dimmed.
            attributes.color = style.role == .faint ? nil : color
            attributes.dim = style.role == .faint || style.isDim
            attributes.bold = style.bold || (bright && style.role != .faint && !style.isDim)
        case .indexed where theme != .plain:
            attributes.color = Self.indexed(style.role, theme)
            if style.isDim { attributes.color = Self.dimmed(style.role, theme) ?? attributes.color }
            attributes.background = style.tint.map { Self.tint($0.role, theme) }
        case .direct where theme != .plain:
            let color = Self.direct(style.role, theme)
            attributes.color = style.isDim ? color.map { Self.mixed($0, share: 0.5, theme) } : color
            attributes.background = style.tint.flatMap { tint in
                let share = 0.1 + 0.24 * Double(tint.strength - 1) / Double(Tint.strengths - 1)
                return Self.direct(tint.role, theme).map { Self.mixed($0, share: share, theme) }
            }
        case .sixteen, .indexed:
            attributes.color = sixteenIndex(style.role)
            attributes.dim = style.isDim
        case .direct:
            // Numbers below 8 are indices of the palette on direct-colour terminals too.
            attributes.color = sixteenIndex(style.role).map { $0 & 7 }
            attributes.dim = style.isDim
        }
        return attributes
    }

    /// Returns the index in a palette of sixteen; the light theme has no bright variants.
    private func sixteenIndex(_ role: ColorRole) -> Int? {
        let (color, bright) = Self.sixteen(role)
        return color.map { bright && !theme.isLight ? $0 + 8 : $0 }
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

    /// Returns `share` of a colour over the theme's background.
    private static func mixed(_ color: Int, share: Double, _ theme: Theme) -> Int {
        [16, 8, 0].reduce(0) { result, shift in
            let background = theme.isLight ? 255.0 : 14
            let part = Double(color >> shift & 0xFF) * share + background * (1 - share)
            return result | Int(part.rounded()) << shift
        }
    }
}
