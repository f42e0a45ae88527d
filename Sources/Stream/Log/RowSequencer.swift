/// Puts rows that are completed in any order back into the order of the stream.
///
/// A window takes its ticket when it is cut; its row may come later than that of a younger window that needed
/// no inference. Rows leave only when all before them have left.
struct RowSequencer {
    private var issued = 0
    private var released = 0
    private var waiting: [Int: Row] = [:]

    /// Whether every ticket's row has left.
    var isSettled: Bool { released == issued }

    mutating func ticket() -> Int {
        defer { issued += 1 }
        return issued
    }

    /// The rows that may leave now that `ticket`'s row is complete, in order.
    mutating func complete(_ ticket: Int, with row: Row) -> [Row] {
        waiting[ticket] = row
        var ready: [Row] = []
        while let next = waiting.removeValue(forKey: released) {
            ready.append(next)
            released += 1
        }
        return ready
    }
}
