import EmotionCore
import EmotionNetwork

extension WindowBenchmark {
    /// The times as a table with a row for each part of the network.
    var table: String {
        let title =
            "\(backEnd) \(precision.rawValue), \(threads) thread\(threads == 1 ? "" : "s"): "
            + "window \(times[0].fixed(1)) ms at least, \(times[times.count / 2].fixed(1)) ms median"
        let rows = parts.map { part in
            let name = SummaryText.padded(part.name, 22)
            let rate =
                part.macs == 0
                ? ""
                : SummaryText.leading("\(gigaPerSecond(part).fixed(1)) GMAC/s", 16)
                    + SummaryText.leading("\((share(part) * 100).fixed(0)) %", 8)
            return "  " + name + SummaryText.leading("\(part.milliseconds.fixed(2)) ms", 12) + rate
        }
        return ([title] + rows).joined(separator: "\n")
    }

    /// The times as one JSON object.
    func json() throws -> String {
        try JSONText.line(
            Report(
                precision: precision.rawValue, threads: threads, kernels: backEnd.name,
                windowMs: Report.Times(times), networkMs: Report.Times(networkTimes), logits: logits.rounded(places: 6),
                peakGmacPerS: RoundedNumber(peak / 1e9, places: 1), stages: parts.map(stage)))
    }

    private func stage(_ part: Part) -> Report.Stage {
        Report.Stage(
            name: part.name, ms: RoundedNumber(part.milliseconds, places: 3),
            mmac: RoundedNumber(Double(part.macs) / 1e6, places: 3),
            gmacPerS: RoundedNumber(gigaPerSecond(part), places: 2),
            shareOfPeak: RoundedNumber(share(part), places: 4))
    }

    /// The JSON object; its keys are these names in snake case.
    private struct Report: Encodable {
        struct Times: Encodable {
            let min: RoundedNumber
            let median: RoundedNumber
            let all: [RoundedNumber]

            /// - Parameter times: Milliseconds in ascending order; at least one.
            init(_ times: [Double]) {
                all = times.map { RoundedNumber($0, places: 3) }
                min = all[0]
                median = all[all.count / 2]
            }
        }

        struct Stage: Encodable {
            let name: String
            let ms: RoundedNumber
            let mmac: RoundedNumber
            let gmacPerS: RoundedNumber
            let shareOfPeak: RoundedNumber
        }

        let precision: String
        let threads: Int
        let kernels: String
        let windowMs: Times
        let networkMs: Times
        let logits: [String: RoundedNumber]
        let peakGmacPerS: RoundedNumber
        let stages: [Stage]
    }
}
