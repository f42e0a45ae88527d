import EmotionCore

/// A picture of the terminal as cells, row by row.
///
/// A write outside the picture is dropped and counted in ``overflow``: a layout cannot crash, and a test can tell that
/// it does not fit.
struct Frame: Equatable, Sendable {
    let width: Int
    let height: Int
    private(set) var cells: [Cell]
    /// The number of writes that fell outside the picture.
    private(set) var overflow = 0
    /// Whether characters beyond ASCII are replaced by `?`.
    let asciiOnly: Bool

    /// Creates a blank picture.
    ///
    /// - Parameters:
    ///   - width: The number of columns; less than 1 makes an empty picture.
    ///   - height: The number of rows; less than 1 makes an empty picture.
    ///   - asciiOnly: Whether characters beyond ASCII are replaced by `?`.
    init(width: Int, height: Int, asciiOnly: Bool = false) {
        self.width = max(0, width)
        self.height = max(0, height)
        self.asciiOnly = asciiOnly
        cells = Array(repeating: Cell(), count: self.width * self.height)
    }

    subscript(x: Int, y: Int) -> Cell {
        get { cells[y * width + x] }
        set {
            guard x >= 0, y >= 0, x < width, y < height else {
                overflow += 1
                return
            }
            cells[y * width + x] = newValue
        }
    }

    /// Writes one character of width 1.
    mutating func put(_ scalar: Unicode.Scalar, x: Int, y: Int, _ style: Style) {
        let value = asciiOnly && !scalar.isASCII ? 0x3F : scalar.value
        self[x, y] = Cell(scalar: value, style: style)
    }

    /// Sets the colour behind a cell, and leaves its character.
    mutating func tint(_ tint: Tint?, x: Int, y: Int) {
        guard x >= 0, y >= 0, x < width, y < height else {
            overflow += 1
            return
        }
        cells[y * width + x].style.tint = tint
    }

    /// Writes one character of width 1, and leaves the colour behind it.
    mutating func overlay(_ scalar: Unicode.Scalar, x: Int, y: Int, _ style: Style) {
        var style = style
        if x >= 0, y >= 0, x < width, y < height { style.tint = cells[y * width + x].style.tint }
        put(scalar, x: x, y: y, style)
    }

    /// Writes a character of width 1 `count` times, from (x, y) to the right.
    mutating func fill(_ scalar: Unicode.Scalar, x: Int, y: Int, count: Int, _ style: Style) {
        guard count > 0 else { return }
        for column in x..<(x + count) { put(scalar, x: column, y: y, style) }
    }

    /// Writes text from (x, y) to the right.
    ///
    /// Characters that are not printable become `?`, because a file's name may hold any. One combining mark is kept for
    /// each character.
    ///
    /// - Parameter limit: The greatest number of columns; longer text is cut and ends in an ellipsis.
    /// - Returns: The number of columns written.
    @discardableResult
    mutating func put(_ text: some StringProtocol, x: Int, y: Int, _ style: Style, limit: Int = .max) -> Int {
        guard limit > 0 else { return 0 }
        let fits = displayWidth(text) <= limit
        let room = fits ? limit : limit - 1
        var used = 0
        for scalar in text.unicodeScalars {
            let columns = displayWidth(scalar)
            if columns == 0 {
                addMark(scalar, x: x + used - 1, y: y, after: used)
                continue
            }
            if columns > room - used { break }
            if asciiOnly && !scalar.isASCII {
                for column in 0..<columns { put("?", x: x + used + column, y: y, style) }
            } else {
                put(scalar.isPrintable ? scalar : "?", x: x + used, y: y, style)
                if columns == 2 { self[x + used + 1, y] = Cell(scalar: 0, style: style) }
            }
            used += columns
        }
        if !fits {
            put(asciiOnly ? "~" : "…", x: x + used, y: y, style)
            used += 1
        }
        return used
    }

    private mutating func addMark(_ scalar: Unicode.Scalar, x: Int, y: Int, after used: Int) {
        guard used > 0, !asciiOnly, scalar.properties.generalCategory == .nonspacingMark else { return }
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let base = cells[y * width + x].scalar == 0 && x > 0 ? x - 1 : x
        if cells[y * width + base].mark == 0 { cells[y * width + base].mark = scalar.value }
    }
}
