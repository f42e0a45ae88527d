/// A set of colours.
package enum Theme: String, Sendable, CaseIterable {
    /// For dark backgrounds.
    case dark
    /// For light backgrounds.
    case light
    /// For eyes that see colours otherwise: the colours of Okabe and Ito, which differ in lightness as well.
    case safe
    /// The terminal's own sixteen colours, as the user set them.
    case plain
    /// No colour at all.
    case mono

    /// The theme that the key `t` goes to.
    var next: Theme {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }

    /// Whether the theme is for light backgrounds.
    var isLight: Bool { self == .light }
}
