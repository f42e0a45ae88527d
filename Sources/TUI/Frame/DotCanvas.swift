/// A canvas of dots, finer than cells: 2×4 braille dots a cell, or one letter a cell in ASCII.
///
/// The dots of several curves in one cell are all shown, in the style of the last one.
struct DotCanvas {
    let columns: Int
    let rows: Int
    let glyphs: Glyphs
    private var bits: [UInt8]
    private var styles: [Style]
    private var letters: [UInt32]

    /// Creates an empty canvas.
    ///
    /// - Parameters:
    ///   - columns: The width in cells.
    ///   - rows: The height in cells.
    init(columns: Int, rows: Int, glyphs: Glyphs) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
        self.glyphs = glyphs
        let count = self.columns * self.rows
        bits = Array(repeating: 0, count: count)
        styles = Array(repeating: .text, count: count)
        letters = Array(repeating: 0x2A, count: count)
    }

    /// The width in dots.
    var width: Int { columns * glyphs.dots.across }

    /// The height in dots.
    var height: Int { rows * glyphs.dots.down }

    /// Sets the dot (x, y), counted from the top left corner; does nothing outside the canvas.
    ///
    /// - Parameter letter: The character that shows the dot in ASCII.
    mutating func set(x: Int, y: Int, _ style: Style, letter: Unicode.Scalar = "*") {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let (across, down) = glyphs.dots
        let cell = (y / down) * columns + x / across
        bits[cell] |= Self.bit(x % across, y % down, glyphs)
        styles[cell] = style
        letters[cell] = letter.value
    }

    /// Copies the cells that hold dots into a frame, with the canvas's top left corner at (x, y).
    func draw(into frame: inout Frame, x: Int, y: Int) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * columns + column
                guard bits[index] != 0 else { continue }
                let value = glyphs == .ascii ? letters[index] : 0x2800 + UInt32(bits[index])
                frame.overlay(Unicode.Scalar(value) ?? "*", x: x + column, y: y + row, styles[index])
            }
        }
    }

    /// Returns the bit of a dot in its cell. The Unicode block at U+2800 numbers braille dots down the left column,
    /// down the right column, then along the bottom row.
    private static func bit(_ x: Int, _ y: Int, _ glyphs: Glyphs) -> UInt8 {
        switch glyphs {
        case .braille: y == 3 ? (x == 0 ? 0x40 : 0x80) : UInt8(1) << UInt8(y + 3 * x)
        case .ascii: 1
        }
    }
}
