/// Assigns rows to columns one to one so that the sum of the chosen gains is greatest: the Hungarian method with
/// potentials (Kuhn 1955, Munkres 1957), O(n³).
///
/// - Parameter gains: A matrix of finite numbers, rows of equal length.
/// - Returns: The column of each row; nil for the rows that are left over where there are fewer columns.
func assignment(maximising gains: [[Double]]) -> [Int?] {
    let (rows, columns) = (gains.count, gains.first?.count ?? 0)
    guard columns > 0 else { return [Int?](repeating: nil, count: rows) }
    guard rows <= columns else {
        var result = [Int?](repeating: nil, count: rows)
        let transposed = (0..<columns).map { column in gains.map { $0[column] } }
        for (column, row) in assignment(maximising: transposed).enumerated() {
            if let row { result[row] = column }
        }
        return result
    }
    // Row and column 0 are a start that belongs to nobody; `owner[column]` is the row of a column, 0 for none.
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    var owner = [Int](repeating: 0, count: columns + 1)
    for row in 1...rows {
        // Grows a tree of tight edges from the new row until it reaches a free column.
        var slack = [Double](repeating: .infinity, count: columns + 1)
        var previous = [Int](repeating: 0, count: columns + 1)
        var isReached = [Bool](repeating: false, count: columns + 1)
        owner[0] = row
        var column = 0
        while owner[column] != 0 {
            isReached[column] = true
            let current = owner[column]
            var (next, least) = (0, Double.infinity)
            for other in 1...columns where !isReached[other] {
                let cost = -gains[current - 1][other - 1] - rowPotential[current] - columnPotential[other]
                if cost < slack[other] { (slack[other], previous[other]) = (cost, column) }
                if slack[other] < least { (next, least) = (other, slack[other]) }
            }
            for other in 0...columns {
                if isReached[other] {
                    rowPotential[owner[other]] += least
                    columnPotential[other] -= least
                } else {
                    slack[other] -= least
                }
            }
            column = next
        }
        // Moves the rows along the path back to the start.
        while column != 0 {
            owner[column] = owner[previous[column]]
            column = previous[column]
        }
    }
    var result = [Int?](repeating: nil, count: rows)
    for column in 1...columns where owner[column] > 0 { result[owner[column] - 1] = column - 1 }
    return result
}
