import EmotionStream
import Foundation

/// Logs with bytes changed and rows of random content, to which a session appends.
struct LogTarget: Target {
    private let path: String

    init(scratch: String) {
        path = scratch + "/case.csv"
    }

    func run(_ chance: inout Chance) {
        let format = RowFormat(holdsLogits: chance.once(in: 4))
        var bytes = Array((chance.once(in: 8) ? RowFormat(holdsLogits: !format.holdsLogits) : format).csvHeader.utf8)
        for number in 0..<chance.below(12) { bytes += Self.row(number, &chance) }
        if chance.once(in: 2) { bytes.removeLast(chance.below(40)) }
        if chance.once(in: 2) { bytes.mutate(&chance, head: 400) }
        put(bytes, in: path)
        let log = try? CSVLog(path: path, existing: .continued, format: format)
        let rows = log?.current.rows
        guard let after = FileManager.default.contents(atPath: path).map(Array.init) else {
            Guard.fail("a log that is gone")
        }
        guard rows != nil else {
            if after != bytes { Guard.fail("a change to a log that was refused") }
            return
        }
        // The log is unchanged but for a partial row at its end, and the appended text is a row.
        let kept = zip(after, bytes).prefix { $0 == $1 }.count
        if bytes.count - kept > 1 << 14 || bytes[kept...].contains(0x0A) { Guard.fail("rows that were taken away") }
        if !after.suffix(2).elementsEqual([0x0D, 0x0A]) { Guard.fail("a row that does not end") }
    }

    private static func row(_ number: Int, _ chance: inout Chance) -> [UInt8] {
        let first = chance.once(in: 10) ? String(chance.edge()) : String(number)
        let note = chance.pick([
            "", "marker 1", "\"two\r\n9,lines\"", "\"say \"\"hi\"\"\"", "'=1+1",
            String(repeating: "x", count: chance.once(in: 20) ? 20_000 : 200),
        ])
        return Array("\(first),0.000,3.000,,silence,,,,,,,,,,,,,,,0.000,\(note)\r\n".utf8)
    }
}
