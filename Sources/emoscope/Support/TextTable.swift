import EmotionCore

/// A table for a person to read.
enum TextTable {
    /// Draws cells: the first column flush left, the others flush right, two spaces between.
    ///
    /// - Parameter rows: Equally long, the header first.
    static func draw(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { cells in
            cells.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == 0 ? cells[column] + space : space + cells[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A number with decimals; "-" for one that is not finite.
    static func number(_ value: Double?, places: Int = 3) -> String {
        guard let value, value.isFinite else { return "-" }
        return value.fixed(places)
    }
}
