import CAllocations

/// Allocations of the whole process while a piece of work runs.
enum Allocations {
    /// Whether they are counted; they are not where a sanitizer allocates.
    static var areCounted: Bool { allocations_are_counted() != 0 }

    /// The fewest allocations that `work` made in `runs` runs. Other threads of the process count too, so a single run
    /// proves nothing, but the allocations of `work` itself occur in each.
    static func fewest(runs: Int = 5, in work: () throws -> Void) rethrows -> Int {
        var fewest = Int.max
        for _ in 0..<runs {
            let before = allocations()
            try work()
            fewest = min(fewest, allocations() - before)
        }
        return fewest
    }

    /// Prints on standard error where `work` allocates, for debugging.
    static func show(in work: () throws -> Void) rethrows {
        allocations_show(1)
        defer { allocations_show(0) }
        try work()
    }
}
