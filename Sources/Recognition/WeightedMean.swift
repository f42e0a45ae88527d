/// A running weighted mean of vectors of one length.
struct WeightedMean {
    private var sums: [Double] = []
    /// The sum of the weights so far.
    private(set) var weight = 0

    /// The mean; empty before the first vector.
    var values: [Float] { sums.map { Float($0 / Double(weight)) } }

    mutating func add(_ vector: [Float], weight: Int) {
        if sums.isEmpty { sums = [Double](repeating: 0, count: vector.count) }
        for index in vector.indices { sums[index] += Double(vector[index]) * Double(weight) }
        self.weight += weight
    }
}
