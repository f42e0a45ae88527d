/// The look of one cell.
struct Style: Equatable, Sendable {
    var role: ColorRole
    var bold = false
    var reverse = false

    static let text = Style(role: .text)
    static let label = Style(role: .label)
    static let faint = Style(role: .faint)
    static let accent = Style(role: .accent)
    static let title = Style(role: .text, bold: true)
    static let key = Style(role: .accent, bold: true)
    static let alarm = Style(role: .alarm, bold: true)
}
