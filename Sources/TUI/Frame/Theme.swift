/// A set of colours.
package enum Theme: Sendable, CaseIterable {
    /// For dark backgrounds.
    case dark
    /// For light backgrounds.
    case light
    /// The terminal's own sixteen colours, as the user set them.
    case plain

    /// The theme that the key `t` goes to.
    var next: Theme {
        switch self {
        case .dark: .light
        case .light: .plain
        case .plain: .dark
        }
    }
}
