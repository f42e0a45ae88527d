/// The attributes of one cell, as the terminal takes them.
struct CellAttributes: Hashable, Sendable {
    /// The foreground colour: an index of the terminal's palette, `0xRRGGBB` on a terminal with direct colours, or nil
    /// for the terminal's own foreground.
    var color: Int?
    /// The background colour; nil for the terminal's own background.
    var background: Int?
    var bold = false
    var dim = false
    var reverse = false
}
