/// Points finer than a cell: braille 2×4, quadrant blocks 2×2, or in ASCII one letter a cell. Points of several lines
/// in one cell are all shown; the cell's colour is the last line's.
struct DotCanvas {
    let columns: Int
    let rows: Int
    let glyphs: Glyphs
    private var bits: [UInt8]
    private var styles: [Style]
    private var letters: [UInt32]

    /// - Parameters: `columns` and `rows` in cells.
    init(columns: Int, rows: Int, glyphs: Glyphs) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
        self.glyphs = glyphs
        let count = self.columns * self.rows
        bits = Array(repeating: 0, count: count)
        styles = Array(repeating: .text, count: count)
        letters = Array(repeating: 0x2A, count: count)
    }

    /// Width and height in points.
    var width: Int { columns * glyphs.dots.across }
    var height: Int { rows * glyphs.dots.down }

    /// Sets the point (x, y), y downward; outside the canvas nothing happens. `letter` stands for it in ASCII.
    mutating func set(x: Int, y: Int, _ style: Style, letter: Unicode.Scalar = "*") {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let (across, down) = glyphs.dots
        let cell = (y / down) * columns + x / across
        bits[cell] |= Self.bit(x % across, y % down, glyphs)
        styles[cell] = style
        letters[cell] = letter.value
    }

    /// Copies the cells that hold points into a frame with the canvas's corner at (x, y).
    func draw(into frame: inout Frame, x: Int, y: Int) {
        for row in 0..<rows {
            for column in 0..<columns {
                let index = row * columns + column
                guard bits[index] != 0 else { continue }
                let scalar = Unicode.Scalar(Self.scalar(bits[index], letters[index], glyphs)) ?? "*"
                frame.put(scalar, x: x + column, y: y + row, styles[index])
            }
        }
    }

    /// Braille's dots 1–8 are numbered down the left column, down the right, then the bottom row (Unicode 2800 block);
    /// quadrants count 1, 2 above and 4, 8 below.
    private static func bit(_ x: Int, _ y: Int, _ glyphs: Glyphs) -> UInt8 {
        switch glyphs {
        case .braille: y == 3 ? (x == 0 ? 0x40 : 0x80) : UInt8(1) << UInt8(y + 3 * x)
        case .block: UInt8(1) << UInt8(x + 2 * y)
        case .ascii: 1
        }
    }

    private static let quadrants = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".unicodeScalars.map(\.value))

    private static func scalar(_ bits: UInt8, _ letter: UInt32, _ glyphs: Glyphs) -> UInt32 {
        switch glyphs {
        case .braille: 0x2800 + UInt32(bits)
        case .block: quadrants[Int(bits & 15)]
        case .ascii: letter
        }
    }
}
