import EmotionCore

/// Collects the failures of a command that reads many files: each is printed at once, and the command continues.
struct FailureCount {
    private var count = 0
    private var kind = Failure.Kind.runTime
    /// Files of which some sound is missing in the result.
    private var incomplete = 0

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

    /// Prints what was wrong with a file that was read nevertheless, and counts it where sound of it is missing.
    mutating func warn(_ warnings: [SoundWarning]) {
        for warning in warnings { Console.error("warning: \(warning)") }
        if warnings.contains(where: \.losesSound) { incomplete += 1 }
    }

    /// Throws a failure if any file failed, with the exit code of the last, or if sound of any is missing.
    func report(of total: Int) throws {
        var problems = count > 0 ? ["\(count) of \(total) files could not be read"] : []
        if incomplete > 0 { problems.append("sound of \(incomplete) of \(total) files is missing") }
        guard !problems.isEmpty else { return }
        throw Failure(kind, problems.joined(separator: "; "))
    }
}
