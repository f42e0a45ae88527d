/// The dash pattern of a curve, in dots.
enum DashPattern: Sendable {
    case solid, dashed, dotted, dashDotted

    /// Returns whether the dot at a distance along the curve is set.
    ///
    /// - Parameter distance: Dots from the start of the stream, so that a pattern scrolls together with its curve.
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
