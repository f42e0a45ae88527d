/// The look of one cell.
struct Style: Equatable, Sendable {
    var role: ColorRole
    var bold = false
    var reverse = false
    /// Whether the colour is a darker one (a paler one on a light background), for what stands behind.
    var isDim = false
    /// The colour behind the character; nil for the terminal's own background.
    var tint: Tint?

    static let text = Style(role: .text)
    static let label = Style(role: .label)
    static let faint = Style(role: .faint)
    static let accent = Style(role: .accent)
    static let title = Style(role: .text, bold: true)
    static let key = Style(role: .accent, bold: true)
    static let alarm = Style(role: .alarm, bold: true)
}

/// A colour behind a cell, as a weak form of a role's colour.
struct Tint: Equatable, Sendable {
    /// The number of strengths.
    static let strengths = 3

    var role: ColorRole
    /// 1, the weakest, to ``strengths``.
    var strength: Int
}
