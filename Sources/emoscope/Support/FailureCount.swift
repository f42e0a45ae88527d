/// Collects the failures of a command that reads many files: each is printed at once, and the command continues.
struct FailureCount {
    private var count = 0
    private var kind = Failure.Kind.runTime

    /// Runs `body`, and prints and counts the error that it throws.
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

    /// Throws a failure if any file failed, with the exit code of the last.
    func report(of total: Int) throws {
        guard count > 0 else { return }
        throw Failure(kind, "\(count) of \(total) files could not be read")
    }
}
