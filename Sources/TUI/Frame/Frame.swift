/// One character cell.
struct Cell: Equatable, Sendable {
    /// The character; 0 in the second half of a double-width one.
    var scalar: UInt32 = 0x20
    /// A combining mark over it, or 0.
    var mark: UInt32 = 0
    var style = Style.text
}

/// A picture of the terminal as cells, row by row. Writing outside it does nothing but count in ``overflow``, so that
/// no layout can crash and the tests can still tell one that does not fit.
struct Frame: Equatable, Sendable {
    let width: Int
    let height: Int
    private(set) var cells: [Cell]
    /// How many writes fell outside the picture.
    private(set) var overflow = 0
    /// No character beyond ASCII goes in: others become `?`.
    let asciiOnly: Bool

    /// - Parameters: `width` and `height` in cells; less than 1 makes an empty picture.
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

    /// One character of width 1.
    mutating func put(_ scalar: Unicode.Scalar, x: Int, y: Int, _ style: Style) {
        let value = asciiOnly && !scalar.isASCII ? 0x3F : scalar.value
        self[x, y] = Cell(scalar: value, style: style)
    }

    /// A run of one character.
    mutating func fill(_ scalar: Unicode.Scalar, x: Int, y: Int, count: Int, _ style: Style) {
        guard count > 0 else { return }
        for column in x..<(x + count) { put(scalar, x: column, y: y, style) }
    }

    /// Text from (x, y) to the right, at most `limit` columns: longer text ends in an ellipsis. Control characters
    /// show as `?`, since a file's name may hold any; one combining mark a character is kept.
    /// - Returns: the columns written.
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
                put(scalar.isControl ? "?" : scalar, x: x + used, y: y, style)
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

    /// The picture as text, a line a row, without trailing blanks.
    var text: String {
        var out = ""
        for y in 0..<height {
            var line = ""
            for x in 0..<width {
                let cell = self[x, y]
                if cell.scalar == 0 { continue }
                line.unicodeScalars.append(Unicode.Scalar(cell.scalar) ?? "?")
                if cell.mark != 0, let mark = Unicode.Scalar(cell.mark) { line.unicodeScalars.append(mark) }
            }
            while line.last == " " { line.removeLast() }
            out += line + "\n"
        }
        return out
    }
}
