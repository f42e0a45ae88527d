import EmotionEvaluation
import Foundation
import Testing

/// A made-up folder tree for one test, deleted with the value.
final class Tree {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("emoscope-\(UUID().uuidString)")

    /// Files of one byte at `paths`.
    init(_ paths: String...) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for path in paths { try write(path, "x") }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    var path: String { url.path }

    @discardableResult func write(_ name: String, _ text: String) throws -> String {
        try write(name, Data(text.utf8))
    }

    @discardableResult func write(_ name: String, _ data: Data) throws -> String {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }
}

/// Expects `body` to throw an error of this module whose description contains `words`.
func expectError<Result>(
    naming words: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) {
    let error = #expect(throws: EvaluationError.self, sourceLocation: sourceLocation) { try body() }
    if let error {
        #expect(error.description.contains(words), "\(error)", sourceLocation: sourceLocation)
    }
}
