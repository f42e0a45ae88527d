import EmotionCore

/// An error of a weights file or a checkpoint: which file, what is wrong with it, and what would work.
public struct WeightsError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The file cannot be opened, read or mapped.
        case unreadable
        /// The bytes do not follow the format.
        case malformed
        /// The bytes follow the format but request what is not allowed, such as a pickle that calls a function.
        case refused
        /// The file is well-formed, but its tensors or metadata are not those of the architecture.
        case mismatch
        /// The output cannot be written.
        case unwritable
    }

    public let kind: Kind
    /// Path of the file, as it was given.
    public let file: String
    /// What is wrong, without the file's name; it may have several lines.
    public let problem: String
    /// What would work.
    public let remedy: String

    public init(_ kind: Kind, file: String, problem: String, remedy: String) {
        self.kind = kind
        self.file = file
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String { "\"\(printable(file))\": \(problem); \(remedy)" }
}

/// A fault found by a parser that does not know the file's name; `located` turns it into a `WeightsError`.
package struct FormatFault: Error {
    package var kind: WeightsError.Kind
    package var problem: String

    package static func malformed(_ problem: String) -> FormatFault { FormatFault(kind: .malformed, problem: problem) }
    package static func refused(_ problem: String) -> FormatFault { FormatFault(kind: .refused, problem: problem) }

    package func located(in file: String, remedy: String) -> WeightsError {
        WeightsError(kind, file: file, problem: problem, remedy: remedy)
    }
}

/// Formats a name from an untrusted file for a message: quoted, printable, cut after 80 characters.
package func quoted(_ name: String) -> String {
    "'" + printable(String(name.unicodeScalars.prefix(80))) + (name.unicodeScalars.count > 80 ? "…'" : "'")
}
