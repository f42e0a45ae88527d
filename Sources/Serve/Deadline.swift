/// The error of an operation that took too long.
struct Overdue: Error {}

/// Runs `body`, and cancels it after some seconds.
///
/// - Throws: ``Overdue`` then; otherwise what `body` throws.
func withDeadline<Result: Sendable>(
    seconds: Double, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: .seconds(seconds))
            throw Overdue()
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
