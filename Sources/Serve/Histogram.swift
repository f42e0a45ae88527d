/// The distribution of durations.
struct Histogram {
    /// The upper bounds of the buckets, in seconds; another bucket holds all above.
    static let bounds = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

    private var counts = [Int](repeating: 0, count: bounds.count)
    private var count = 0
    private var sum = 0.0

    /// Adds a duration in seconds.
    mutating func add(_ seconds: Double) {
        count += 1
        sum += seconds
        for (index, bound) in Self.bounds.enumerated() where seconds <= bound { counts[index] += 1 }
    }

    /// Writes the metric `name`.
    func write(_ name: String, _ help: String, to text: inout PrometheusText) {
        text.metric(name, "histogram", help)
        for (bound, count) in zip(Self.bounds, counts) {
            text.sample(name + "_bucket", ["le": String(bound)], Double(count))
        }
        text.sample(name + "_bucket", ["le": "+Inf"], Double(count))
        text.sample(name + "_sum", [:], sum)
        text.sample(name + "_count", [:], Double(count))
    }
}
