/// The word that a mistyped one most probably stands for: the one that the fewest insertions, deletions, replacements and
/// swaps of neighbours lead to. At most a third of the letters may be wrong.
///
/// - Returns: nil where none is near.
func nearest(to word: String, among known: [String]) -> String? {
    let near = known.map { (word: $0, edits: edits(Array(word), Array($0))) }.min { $0.edits < $1.edits }
    guard let near, 3 * near.edits <= max(word.count, near.word.count) else { return nil }
    return near.word
}

/// The optimal string alignment distance of two words.
private func edits(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var least = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
            row.append(least)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
