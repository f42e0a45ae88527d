/// What a cell is for. The layout speaks in inks; a palette turns them into what the terminal can show.
enum Ink: UInt8, CaseIterable, Sendable {
    /// The terminal's own foreground.
    case text
    /// Names beside values.
    case label
    /// Grids, tracks, borders: there, but behind everything.
    case faint
    /// Keys, titles, the program's own voice.
    case accent
    /// Something to look at: dropped windows, a clipped input, an error.
    case alarm
    case angry, happy, neutral, sad
    /// The meter's three ranges.
    case levelLow, levelMiddle, levelHigh
}

/// The look of one cell.
struct Style: Equatable, Sendable {
    var ink: Ink
    var bold = false
    var reverse = false

    static let text = Style(ink: .text)
    static let label = Style(ink: .label)
    static let faint = Style(ink: .faint)
    static let accent = Style(ink: .accent)
    static let title = Style(ink: .text, bold: true)
    static let key = Style(ink: .accent, bold: true)
    static let alarm = Style(ink: .alarm, bold: true)
}

/// A dash pattern, in dots.
enum Stroke: Sendable {
    case solid, dashed, dotted, dashDotted

    /// Whether the dot at this distance along the line is set. The distance is absolute, so that a pattern moves with
    /// its line instead of crawling along it.
    func isOn(at distance: Int) -> Bool {
        func phase(_ period: Int) -> Int { ((distance % period) + period) % period }
        switch self {
        case .solid: return true
        case .dashed: return phase(10) < 8
        case .dotted: return phase(2) < 1
        case .dashDotted: return phase(12) < 8 || phase(12) == 10
        }
    }
}
