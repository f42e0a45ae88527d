/// The characters that the dashboard draws with.
package enum Glyphs: Sendable, CaseIterable {
    /// All of Unicode, with braille for the curves: 2×4 dots a cell.
    case braille
    /// ASCII only: one letter a cell.
    case ascii
}

extension Glyphs {
    /// The number of dots a cell, across and down.
    var dots: (across: Int, down: Int) {
        switch self {
        case .braille: (2, 4)
        case .ascii: (1, 1)
        }
    }

    private func choose(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar) -> Unicode.Scalar {
        self == .ascii ? ascii : unicode
    }

    var horizontal: Unicode.Scalar { choose("─", "-") }
    var vertical: Unicode.Scalar { choose("│", "|") }
    var topLeft: Unicode.Scalar { choose("╭", "+") }
    var topRight: Unicode.Scalar { choose("╮", "+") }
    var bottomLeft: Unicode.Scalar { choose("╰", "+") }
    var bottomRight: Unicode.Scalar { choose("╯", "+") }
    var grid: Unicode.Scalar { choose("┈", ".") }
    var gridLine: Unicode.Scalar { choose("┊", ":") }
    var markerLine: Unicode.Scalar { choose("╎", "!") }
    var markerArrow: Unicode.Scalar { choose("▲", "^") }
    var lineFull: Unicode.Scalar { choose("━", "=") }
    var lineHalf: Unicode.Scalar { choose("╸", "=") }
    var lineTrack: Unicode.Scalar { choose("─", "-") }
    var bar: Unicode.Scalar { choose("▄", "#") }
    var barHalf: Unicode.Scalar { choose("▖", "#") }
    var barTrack: Unicode.Scalar { choose("_", ".") }
    var peak: Unicode.Scalar { choose("┃", "|") }
    /// Blocks of one to eight eighths of a row; in ASCII, of a fourth, a half and a whole one.
    func block(eighths: Int) -> Unicode.Scalar {
        let blocks: [Unicode.Scalar] =
            self == .ascii
            ? [" ", " ", ".", ".", ":", ":", ":", "#", "#"] : [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        return blocks[min(max(eighths, 0), 8)]
    }
    var silence: Unicode.Scalar { choose("·", ".") }
    var overlap: Unicode.Scalar { choose("∥", "&") }
    var dropped: Unicode.Scalar { choose("×", "x") }
    var bullet: Unicode.Scalar { choose("●", "*") }
    var play: Unicode.Scalar { choose("▶", ">") }
    var cursor: Unicode.Scalar { choose("▏", "_") }
    var pause: Unicode.Scalar { choose("‖", "=") }
    var dash: String { self == .ascii ? "-" : "–" }
    var separator: String { self == .ascii ? "-" : "·" }
    var arrows: String { self == .ascii ? "<- ->" : "← →" }
}
