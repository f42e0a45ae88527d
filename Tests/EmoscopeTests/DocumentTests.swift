import EmotionCore
import EmotionSoundFiles
import Foundation
import TestSupport
import Testing

/// Holds the README and the guides against the program: every command that they show is run, and every flag is in one.
@Suite(.timeLimit(.minutes(15))) struct DocumentTests {
    /// A command of `--experimental-dump-help`.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }
            let names: [Name]?
            let shouldDisplay: Bool
        }
        let commandName: String
        let arguments: [Argument]?
        let subcommands: [Command]?

        /// All commands below this one, with the words that call them.
        func all(after words: [String] = []) -> [(words: [String], flags: [String])] {
            let mine = words + [commandName]
            let flags = (arguments ?? []).filter(\.shouldDisplay)
                .compactMap { $0.names?.first { $0.kind == "long" }?.name }
            return [(mine, flags)] + (subcommands ?? []).flatMap { $0.all(after: mine) }
        }
    }

    private struct Help: Decodable {
        let command: Command
    }

    private func commands() throws -> [(words: [String], flags: [String])] {
        let run = try emoscope("--experimental-dump-help")
        return try JSONDecoder().decode(Help.self, from: Data(run.output.utf8)).command.all()
    }

    private func documents() throws -> String {
        try DocumentedCommand.documents.map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }

    @Test func everyCommandAndEveryFlagIsInADocument() throws {
        let text = try documents()
        let commands = try commands()
        #expect(commands.count > 15)
        for (words, flags) in commands {
            let name = words.joined(separator: " ")
            #expect(words.last == "help" || text.contains(name), "\(name) is in no document")
            for flag in flags where !["help", "version"].contains(flag) {
                let spelled = "--\(flag)"
                let isNamed = text.ranges(of: spelled).contains { range in
                    range.upperBound == text.endIndex
                        || !(text[range.upperBound].isLetter || text[range.upperBound] == "-")
                }
                #expect(isNamed, "\(name) \(spelled) is in no document")
            }
        }
    }

    /// A pattern, such as `emoscope evaluate --turns FOLDER`, is held to commands that exist.
    @Test func everyPatternNamesACommand() throws {
        let known = Set(try commands().map { $0.words.last ?? "" })
        for shown in DocumentedCommand.all where shown.isPattern || shown.isSpan {
            let after = shown.words.drop { $0 != "emoscope" }.dropFirst()
            guard let next = after.first, next.allSatisfy({ $0.isLowercase }) else { continue }
            #expect(known.contains(next), "\(shown): there is no command \(next)")
        }
    }

    /// Runs each command for some seconds, as a shell would, and ends it as Ctrl-C does. A speaker is heard by every
    /// microphone throughout.
    @Test func everyCommandShownWorks() throws {
        let bench = try DocumentBench()
        let names = Set(try commands().map(\.words))
        let shown = DocumentedCommand.all.filter { !$0.isPattern && !($0.isSpan && names.contains($0.words)) }
        #expect(shown.count > 20)
        let failures = Locked<[String]>([])
        // Most of a session's time is waiting: three run at once.
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 3
        for command in shown {
            queue.addOperation {
                do {
                    if let failure = try bench.failure(of: command) { failures.withLock { $0.append(failure) } }
                } catch {
                    failures.withLock { $0.append("\(command): \(error)") }
                }
            }
        }
        queue.waitUntilAllOperationsAreFinished()
        for failure in failures.withLock({ $0 }) { Issue.record("\(failure)") }
    }
}
