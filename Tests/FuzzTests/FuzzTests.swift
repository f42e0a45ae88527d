import Foundation
import TestSupport
import Testing

/// A short run of the fuzzer, the same in every run; `make fuzz` is the long one.
@Suite struct FuzzTests {
    @Test(.timeLimit(.minutes(3))) func hostileFilesAreReadOrRefusedWithoutAFault() throws {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let run = try ChildProcess([try builtProduct("Fuzz"), "--cases", "10000", "--seed", "1"], output: output)
        let status = run.waitForExit()
        let text = try String(contentsOf: output, encoding: .utf8)
        print(text.split(separator: "\n").filter { $0.contains(" cases, ") }.joined(separator: "\n"))
        #expect(status == 0, "\(text)")
    }
}
