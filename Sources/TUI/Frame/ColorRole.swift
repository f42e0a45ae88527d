/// The meaning of a cell's colour. The layout names roles; a ``Palette`` turns them into colours of the terminal.
enum ColorRole: CaseIterable, Sendable {
    /// The terminal's own foreground.
    case text
    /// Names beside values.
    case label
    /// Grids, bar tracks and borders.
    case faint
    /// Keys, titles, markers.
    case accent
    /// Errors and warnings: dropped windows, a clipped input.
    case alarm
    case angry, happy, neutral, sad
    /// The three ranges of the level meter.
    case levelLow, levelMiddle, levelHigh
}
