/// Which characters the terminal can be trusted with.
public enum Glyphs: Sendable, CaseIterable {
    /// Braille dots: 2×4 points a cell.
    case braille
    /// Quadrant blocks, for fonts without braille: 2×2 points a cell.
    case block
    /// Nothing beyond ASCII: one letter a cell.
    case ascii
}

extension Glyphs {
    /// Points a cell, across and down.
    var dots: (across: Int, down: Int) {
        switch self {
        case .braille: (2, 4)
        case .block: (2, 2)
        case .ascii: (1, 1)
        }
    }

    private func pick(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar) -> Unicode.Scalar {
        self == .ascii ? ascii : unicode
    }

    var horizontal: Unicode.Scalar { pick("─", "-") }
    var vertical: Unicode.Scalar { pick("│", "|") }
    var topLeft: Unicode.Scalar { pick("╭", "+") }
    var topRight: Unicode.Scalar { pick("╮", "+") }
    var bottomLeft: Unicode.Scalar { pick("╰", "+") }
    var bottomRight: Unicode.Scalar { pick("╯", "+") }
    var grid: Unicode.Scalar { pick("┈", ".") }
    var gridPost: Unicode.Scalar { pick("┊", ":") }
    var markerPost: Unicode.Scalar { pick("╎", "!") }
    var markerFoot: Unicode.Scalar { pick("▲", "^") }
    var lineFull: Unicode.Scalar { pick("━", "=") }
    var lineHalf: Unicode.Scalar { pick("╸", "=") }
    var lineTrack: Unicode.Scalar { pick("─", "-") }
    var bar: Unicode.Scalar { pick("▄", "#") }
    var barHalf: Unicode.Scalar { pick("▖", "#") }
    var barTrack: Unicode.Scalar { pick("_", ".") }
    var peak: Unicode.Scalar { pick("┃", "|") }
    var ribbon: Unicode.Scalar { pick("▬", "=") }
    var quiet: Unicode.Scalar { pick("·", ".") }
    var cross: Unicode.Scalar { pick("×", "x") }
    var bullet: Unicode.Scalar { pick("●", "*") }
    var play: Unicode.Scalar { pick("▶", ">") }
    var pause: Unicode.Scalar { pick("‖", "=") }
    var dash: String { self == .ascii ? "-" : "–" }
    var separator: String { self == .ascii ? "-" : "·" }
    var arrows: String { self == .ascii ? "<- ->" : "← →" }
}
