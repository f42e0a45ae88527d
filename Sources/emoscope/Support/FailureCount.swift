/// Failures of one file among many: each is said at once, the rest goes on, and the exit code tells in the end.
struct FailureCount {
    private var count = 0
    private var kind = Failure.Kind.runTime

    /// Runs `body`; names what fails.
    mutating func counting(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            let failure = Failure(error)
            Console.error(failure.message)
            count += 1
            kind = failure.kind
        }
    }

    /// Throws if anything failed.
    func report(of total: Int) throws {
        guard count > 0 else { return }
        throw Failure(kind, "\(count) of \(total) files could not be read")
    }
}
