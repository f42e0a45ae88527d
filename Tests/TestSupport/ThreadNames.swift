import Foundation

/// The names of a process's threads, as the kernel has them: at most 15 bytes each.
public func threadNames(of process: pid_t = getpid()) -> [String] {
    let tasks = "/proc/\(process)/task"
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    // A thread may end during the loop.
    return numbers.compactMap { try? String(contentsOfFile: "\(tasks)/\($0)/comm", encoding: .utf8) }
        .map { $0.trimmingCharacters(in: .newlines) }
}
