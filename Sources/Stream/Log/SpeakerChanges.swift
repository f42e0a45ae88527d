import EmotionCore

/// Changes of the names of a log's speakers: speakers that are one, and other names.
package struct SpeakerChanges {
    /// Why a change is refused, as a sentence.
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// The names after the changes, in the order of their first appearance in the log.
    package private(set) var speakers: [String]

    /// The present name of each speaker by the name in the log.
    private var names: [String: String]

    /// Creates changes that leave each name as it is.
    ///
    /// - Parameter speakers: The names in the log, each once, in the order of their first appearance.
    package init(speakers: [String]) {
        self.speakers = speakers
        names = Dictionary(speakers.map { ($0, $0) }) { first, _ in first }
    }

    /// The name that stands for a name of the log.
    package func name(for original: String) -> String { names[original] ?? original }

    /// Makes another speaker's rows rows of `name`.
    ///
    /// - Throws: Where one of them is no speaker, or both are the same.
    package mutating func merge(_ other: String, into name: String) throws(Refusal) {
        for speaker in [name, other] { try check(speaker) }
        guard other != name else { throw Refusal(description: "\(quoted(name)) cannot be merged with itself") }
        replace(other, by: name)
        speakers.removeAll { $0 == other }
    }

    /// Gives a speaker another name.
    ///
    /// - Throws: Where there is no such speaker, or another one has the name.
    package mutating func rename(_ name: String, to new: SpeakerName) throws(Refusal) {
        try check(name)
        guard new.description == name || !speakers.contains(new.description) else {
            throw Refusal(
                description: "\(quoted(new.description)) is another speaker; to make both one, give "
                    + "--merge \(shell(new.description)) \(shell(name))")
        }
        replace(name, by: new.description)
        speakers = speakers.map { $0 == name ? new.description : $0 }
    }

    private mutating func replace(_ old: String, by new: String) {
        names = names.mapValues { $0 == old ? new : $0 }
    }

    private func check(_ name: String) throws(Refusal) {
        guard !speakers.contains(name) else { return }
        let some = speakers.prefix(20).joined(separator: ", ") + (speakers.count > 20 ? ", …" : "")
        throw Refusal(
            description: "there is no speaker \(quoted(name))"
                + (speakers.isEmpty ? "; the log names no speaker" : "; there are \(some)"))
    }

    private func quoted(_ name: String) -> String { "\"\(name)\"" }

    /// A name as the user may type it.
    private func shell(_ name: String) -> String { name.contains(" ") ? quoted(name) : name }
}
