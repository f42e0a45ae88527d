/// Puts rows that complete in any order back into stream order.
///
/// A window gets a ticket when it is cut. A later window that needs no inference may complete first; a row is released
/// only after the rows of all earlier tickets.
struct RowSequencer {
    private var issued = 0
    private var released = 0
    private var waiting: [Int: Row] = [:]

    /// Whether the rows of all tickets are released.
    var isSettled: Bool { released == issued }

    mutating func ticket() -> Int {
        defer { issued += 1 }
        return issued
    }

    /// Completes a ticket with its row, and returns the rows that are now released, in order.
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
