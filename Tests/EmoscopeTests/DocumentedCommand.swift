import Foundation

/// A command line that a document shows.
struct DocumentedCommand: CustomStringConvertible, Sendable {
    let document: String
    /// The line of shell, without a comment at its end.
    let line: String
    /// Whether it is a span of code in a sentence, which may name a command without its arguments.
    let isSpan: Bool

    var description: String { "\(document): \(line)" }

    /// The README, the guides, and what lies beside weights, samples and the notebook.
    static let documents: [URL] = {
        let folder = root.appendingPathComponent("docs")
        let guides = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let beside = ["README.md", "Weights/README.md", "Samples/README.md", "Examples/notebook/README.md"]
        return beside.map(root.appendingPathComponent)
            + guides.filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }
    }()

    /// Every command of emoscope in the documents, once: lines of code blocks, and spans of code.
    static let all: [DocumentedCommand] = {
        var seen = Set<String>()
        return documents.flatMap { document -> [DocumentedCommand] in
            let text = (try? String(contentsOf: document, encoding: .utf8)) ?? ""
            let shown = blocks(of: text).map { ($0, false) } + spans(of: text).map { ($0, true) }
            return shown.filter { seen.insert($0.0).inserted }
                .map { DocumentedCommand(document: document.lastPathComponent, line: $0, isSpan: $1) }
        }
    }()

    /// Whether the line names a kind of command, not one that can be run: `emoscope COMMAND --help`, `arecord … |`.
    var isPattern: Bool {
        line.contains("…") || line.contains { "[]{}".contains($0) }
            || words.contains { $0.count > 2 && $0.allSatisfy { $0.isUppercase } }
    }

    var words: [String] { line.split(separator: " ").map(String.init) }

    /// The files that the command makes, and that must not exist before it.
    var outputs: [String] {
        guard !words.contains("--append"), !words.contains("--force") else { return [] }
        let named = zip(words, words.dropFirst()).filter { ["-o", "--output", "--save-audio"].contains($0.0) }
            .map(\.1)
        let log = words.firstIndex(of: "record").flatMap { at in
            words.dropFirst(at + 1).first { $0.hasSuffix(".csv") }
        }
        return named + (log.map { [$0] } ?? [])
    }

    /// Lines of blocks of code, indented or fenced, in which a command is.
    private static func blocks(of text: String) -> [String] {
        var isFenced = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            if line.hasPrefix("```") {
                isFenced.toggle()
                return nil
            }
            guard isFenced || line.hasPrefix("    ") else { return nil }
            return command(in: String(line))
        }
    }

    /// Spans of code that begin with a command.
    private static func spans(of text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.hasPrefix("    ") }.flatMap { line in
            line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.compactMap { command(in: String($0.element)) }
        }
    }

    private static func command(in text: String) -> String? {
        var line = text.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "\\|", with: "|")
        if line.hasPrefix("$ ") { line.removeFirst(2) }
        line = line.components(separatedBy: "  #")[0].trimmingCharacters(in: .whitespaces)
        let isCommand =
            line == "emoscope" || line.contains(#/^([A-Z_]+=.* )?emoscope /#) || line.contains("| emoscope ")
        guard isCommand else { return nil }
        return line
    }
}
