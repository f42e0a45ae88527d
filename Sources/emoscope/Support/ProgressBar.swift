import Dispatch
import EmotionCore
import EmotionEvaluation
import EmotionStream

/// A progress bar on standard error; it shows nothing where that is no terminal.
///
///     [=========>          ]  48 % 59/122 · 0:03 left · emodb_08
struct ProgressBar {
    /// The least time between two updates, in nanoseconds.
    private static let interval: UInt64 = 100_000_000
    private static let width = 24

    private let isShown: Bool
    private let start = DispatchTime.now().uptimeNanoseconds
    private var latest: UInt64 = 0

    init(isQuiet: Bool) {
        isShown = !isQuiet && Console.errorIsTerminal
    }

    /// Shows that `done` of `total` items are done, and the name of the last.
    mutating func show(_ done: Int, of total: Int, _ what: String) {
        let now = DispatchTime.now().uptimeNanoseconds
        guard isShown, total > 0, now - latest >= Self.interval || done == total else { return }
        latest = now
        Console.status(
            Self.line(done, of: total, seconds: Double(now - start) / 1e9) + " · " + printable(String(what.prefix(24))))
    }

    /// The line after `seconds`, with an estimate of the time left.
    static func line(_ done: Int, of total: Int, seconds: Double) -> String {
        let filled = done * width / total
        let bar = String(repeating: "=", count: filled) + (filled < width ? ">" : "")
        let left = done == 0 ? "" : " · \(SummaryText.clock(seconds / Double(done) * Double(total - done))) left"
        let percent = String(done * 100 / total)
        return "[\(bar)\(String(repeating: " ", count: max(0, width - filled - 1)))] "
            + "\(String(repeating: " ", count: 3 - percent.count))\(percent) % \(done)/\(total)\(left)"
    }

    /// Clears the line, so that another can be printed.
    func clear() {
        if isShown { Console.status("") }
    }
}
