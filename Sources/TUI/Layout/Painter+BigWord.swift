extension Painter {
    /// Paints a word in large letters, `3 × scale` rows high. In ASCII, or where they do not fit, it paints capitals in
    /// one row, spaced if there is room.
    ///
    /// - Parameter limit: The greatest number of columns.
    /// - Returns: The number of columns taken.
    @discardableResult
    mutating func paintBigWord(_ word: String, x: Int, y: Int, scale: Int = 1, limit: Int, _ style: Style) -> Int {
        let dots = BigLetters.dots(word)
        let width = dots[0].count * scale
        guard glyphs != .ascii, width <= limit, width > 0 else {
            let row = y + (3 * scale - 1) / 2
            let spaced = word.uppercased().map(String.init).joined(separator: " ")
            let text = displayWidth(spaced) <= limit ? spaced : word.uppercased()
            return frame.put(text, x: x, y: row, Style(role: style.role, bold: true), limit: limit)
        }
        for row in 0..<(3 * scale) {
            for column in 0..<width {
                let top = dots[row * 2 / scale][column / scale]
                let bottom = dots[(row * 2 + 1) / scale][column / scale]
                let block: Unicode.Scalar? = top ? (bottom ? "█" : "▀") : (bottom ? "▄" : nil)
                if let block { frame.put(block, x: x + column, y: y + row, style) }
            }
        }
        return width
    }
}
