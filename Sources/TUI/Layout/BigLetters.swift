/// The words of the dashboard in large letters, mostly four points wide and five high, two points to a cell.
enum BigLetters {
    private static let shapes: [Character: [String]] = [
        "A": [".##.", "#..#", "####", "#..#", "#..#"],
        "C": [".###", "#...", "#...", "#...", ".###"],
        "D": ["###.", "#..#", "#..#", "#..#", "###."],
        "E": ["####", "#...", "###.", "#...", "####"],
        "G": [".###", "#...", "#.##", "#..#", ".###"],
        "H": ["#..#", "#..#", "####", "#..#", "#..#"],
        "I": ["#", "#", "#", "#", "#"],
        "L": ["#...", "#...", "#...", "#...", "####"],
        "M": ["#...#", "##.##", "#.#.#", "#...#", "#...#"],
        "N": ["#..#", "##.#", "#.##", "#..#", "#..#"],
        "O": [".##.", "#..#", "#..#", "#..#", ".##."],
        "P": ["###.", "#..#", "###.", "#...", "#..."],
        "R": ["###.", "#..#", "###.", "#.#.", "#..#"],
        "S": [".###", "#...", ".##.", "...#", "###."],
        "T": ["###", ".#.", ".#.", ".#.", ".#."],
        "U": ["#..#", "#..#", "#..#", "#..#", ".##."],
        "W": ["#...#", "#...#", "#.#.#", "##.##", "#...#"],
        "Y": ["#.#", "#.#", ".#.", ".#.", ".#."],
        " ": ["..", "..", "..", "..", ".."],
    ]

    /// The word as six rows of points, `true` where there is ink; the sixth is the space below. Characters without a
    /// shape are left out.
    static func points(_ word: String) -> [[Bool]] {
        var rows = Array(repeating: [Bool](), count: 6)
        for letter in word.uppercased() {
            guard let shape = shapes[letter] else { continue }
            let columns = shape[0].count
            for row in 0..<6 {
                if !rows[row].isEmpty { rows[row].append(false) }
                rows[row] += row < 5 ? shape[row].map { $0 == "#" } : Array(repeating: false, count: columns)
            }
        }
        return rows
    }

    /// Columns that the word takes at a scale.
    static func width(_ word: String, scale: Int = 1) -> Int {
        points(word)[0].count * scale
    }
}

extension Painter {
    /// A word in large letters, `3 × scale` rows high, or in capitals, spaced if they may, where blocks cannot be shown
    /// or the room is too small.
    /// - Returns: the columns it took.
    @discardableResult
    mutating func paintBigWord(_ word: String, x: Int, y: Int, scale: Int = 1, limit: Int, _ style: Style) -> Int {
        let points = BigLetters.points(word)
        let width = points[0].count * scale
        guard glyphs != .ascii, width <= limit, width > 0 else {
            let row = y + (3 * scale - 1) / 2
            let spaced = word.uppercased().map(String.init).joined(separator: " ")
            let text = displayWidth(spaced) <= limit ? spaced : word.uppercased()
            return frame.put(text, x: x, y: row, Style(ink: style.ink, bold: true), limit: limit)
        }
        for row in 0..<(3 * scale) {
            for column in 0..<width {
                let top = points[row * 2 / scale][column / scale]
                let bottom = points[(row * 2 + 1) / scale][column / scale]
                let block: Unicode.Scalar? = top ? (bottom ? "█" : "▀") : (bottom ? "▄" : nil)
                if let block { frame.put(block, x: x + column, y: y + row, style) }
            }
        }
        return width
    }
}
