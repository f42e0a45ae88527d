/// Large letters for the words of the dashboard: five dots high, mostly four dots wide, with two dots, one above the
/// other, in a cell.
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

    /// Returns the word as six rows of dots, `true` where a dot is set; the sixth row is empty. Characters without a
    /// shape are left out.
    static func dots(_ word: String) -> [[Bool]] {
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

    /// Returns the number of columns that the word takes at a scale.
    static func width(_ word: String, scale: Int = 1) -> Int {
        dots(word)[0].count * scale
    }
}
