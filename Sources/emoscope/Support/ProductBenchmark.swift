import EmotionCore
import EmotionNetwork

/// The rates of the chosen back end and of others at the matrix products of one window of 3 s, in fp32 on one thread, by processor time.
struct ProductBenchmark {
    /// A product of the window.
    struct Row {
        let product: MatrixProduct
        /// How often a window computes it.
        let count: Int
        /// The least seconds of processor time of one product with each back end.
        var times: [Double]
    }

    let backEnds: [BackEnd]
    /// The products that take at least a five-hundredth of the window's multiply-accumulates, the largest share first.
    let rows: [Row]

    /// The chosen back end, our own tiles that this machine prefers, and OpenBLAS where it is installed.
    private static var compared: [BackEnd] {
        let openBLAS = BackEnd.openBLAS
        let own = BackEnd.supported.first { $0 != openBLAS }
        return [own, openBLAS].reduce(into: [BackEnd.chosen]) { all, one in
            if let one, !all.contains(one) { all.append(one) }
        }
    }

    /// Times the products of a window by turns with each back end.
    ///
    /// - Parameter model: A network in fp32.
    static func measure(_ model: EmotionModel) throws -> ProductBenchmark {
        let backEnds = compared
        let products = try model.makeEngine().products(of: SyntheticVoice.window)
        let all = products.reduce(0) { $0 + $1.key.macs * $1.value }
        var rows = products.filter { $0.key.macs * $0.value >= all / 500 }
            .map { Row(product: $0.key, count: $0.value, times: backEnds.map { _ in .infinity }) }
            .sorted { $0.product.macs * $0.count > $1.product.macs * $1.count }
        for index in rows.indices {
            for _ in 0..<3 {
                for (column, backEnd) in backEnds.enumerated() {
                    let time = rows[index].product.time(with: backEnd)
                    rows[index].times[column] = min(rows[index].times[column], time)
                }
            }
        }
        return ProductBenchmark(backEnds: backEnds, rows: rows)
    }

    /// The milliseconds that a window's products would take with each back end.
    private var milliseconds: [Double] {
        backEnds.indices.map { column in rows.reduce(0) { $0 + 1e3 * $1.times[column] * Double($1.count) } }
    }

    private func gigaPerSecond(_ row: Row, _ column: Int) -> Double {
        Double(row.product.macs) / row.times[column] / 1e9
    }

    /// The rates as a table.
    var table: String {
        func line(_ name: String, _ count: String, _ cells: [String]) -> String {
            "  " + SummaryText.padded(name, 34) + SummaryText.leading(count, 8)
                + cells.map { SummaryText.leading($0, 20) }.joined()
        }
        let title = "products of a window, fp32, 1 thread, GMAC/s"
        let lines = rows.map { row in
            let product = row.product
            return line(
                "\(product.rows) × \(product.depth) → \(product.outputs), \(product.kind.rawValue)", "\(row.count) ×",
                backEnds.indices.map { gigaPerSecond(row, $0).fixed(1) })
        }
        let sum = line("all of these", "", milliseconds.map { "\($0.fixed(2)) ms" })
        return ([title, line("", "", backEnds.map(\.description))] + lines + [sum]).joined(separator: "\n")
    }

    /// The rates as one JSON object.
    func json() throws -> String {
        let products = rows.map { row in
            Report.Product(
                kind: row.product.kind.rawValue, rows: row.product.rows, depth: row.product.depth,
                outputs: row.product.outputs, count: row.count,
                gmacPerS: byName(backEnds.indices.map { gigaPerSecond(row, $0) }))
        }
        return try JSONText.line(Report(products: products, productsMs: byName(milliseconds)))
    }

    private func byName(_ values: [Double]) -> [String: RoundedNumber] {
        Dictionary(uniqueKeysWithValues: zip(backEnds.map(\.name), values.map { RoundedNumber($0, places: 3) }))
    }

    /// The JSON object; its keys are these names in snake case.
    private struct Report: Encodable {
        struct Product: Encodable {
            let kind: String
            let rows: Int
            let depth: Int
            let outputs: Int
            let count: Int
            let gmacPerS: [String: RoundedNumber]
        }

        let products: [Product]
        let productsMs: [String: RoundedNumber]
    }
}
