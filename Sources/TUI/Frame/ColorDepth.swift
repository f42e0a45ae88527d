/// The number of colours that the terminal shows.
enum ColorDepth: Sendable, CaseIterable {
    case monochrome, eight, sixteen
    /// A palette of 256.
    case indexed
    /// 24-bit colours.
    case direct
}
