import CAllocations

/// The time and the allocations of one call of a piece of work.
struct Measurement {
    /// The least time of a call over the batches, in microseconds.
    let least: Double
    /// The median time of a call over the batches, in microseconds.
    let median: Double
    /// The allocations of the whole process for each call, in the batch with the fewest.
    let allocations: Int

    /// Calls `work` in 31 batches; a batch has as many calls as take 2 ms or more.
    init(_ work: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        func time(_ calls: Int) throws -> Double {
            let start = clock.now
            for _ in 0..<calls { try work() }
            let (seconds, attoseconds) = (clock.now - start).components
            return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
        }
        _ = try time(2)
        var calls = 1
        while try time(calls) < 2000 { calls *= 2 }
        var times: [Double] = []
        times.reserveCapacity(31)
        var fewest = Int.max
        for _ in 0..<31 {
            let before = CAllocations.allocations()
            times.append(try time(calls) / Double(calls))
            fewest = min(fewest, (CAllocations.allocations() - before + calls - 1) / calls)
        }
        times.sort()
        (least, median, allocations) = (times[0], times[times.count / 2], fewest)
    }

    /// A row of the table, with a rate if a call has `macs` multiply-accumulates.
    func row(_ name: String, macs: Int = 0) -> String {
        let rate = macs == 0 ? "" : decimal(Double(macs) / least / 1e3)
        let cells = [decimal(least), decimal(median), rate, String(allocations)]
        return zip([name] + cells, [-44, 12, 12, 10, 14]).map { padded($0, $1) }.joined()
    }

    static var header: String {
        let names = ["", "least µs", "median µs", "GMAC/s", "allocations"]
        return zip(names, [-44, 12, 12, 10, 14]).map { padded($0, $1) }.joined()
    }
}

/// Pads `text` to the magnitude of `width`: right-aligned if it is positive, left-aligned if it is negative.
private func padded(_ text: String, _ width: Int) -> String {
    let space = String(repeating: " ", count: max(0, abs(width) - text.count))
    return width < 0 ? text + space : space + text
}

/// Formats `value` with two decimals.
private func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}
