import EmotionCore

/// The entry that the key `e` opens: it asks for a speaker, then for a new name or for the number of another speaker who
/// is the same. Speakers are numbered by their lanes, from 1.
struct SpeakerEntry: Equatable, Sendable {
    /// The names of the speakers in the order of their lanes.
    private(set) var speakers: [String]
    /// The lane of the speaker who is edited; nil before one is chosen.
    private(set) var lane: Int?
    /// The text that was typed.
    private(set) var text = ""
    /// What is wrong with the last key or with the text; nil if nothing is.
    private(set) var problem: String?

    /// Opens the entry. Of one speaker alone, it asks for the name at once.
    init(speakers: [String]) {
        self.speakers = speakers
        if speakers.count == 1 { lane = 0 }
    }

    /// The name of the speaker who is edited; nil before one is chosen.
    var name: String? { lane.map { speakers[$0] } }

    /// The questions, the longest first, for the room that there is.
    var prompts: [String] {
        guard let name else { return ["which speaker? \(numbers), Esc: none", "speaker? \(numbers)"] }
        if speakers.count == 1 { return ["\(name): new name:", "\(name):"] }
        return [
            "\(name): new name, or the number of the speaker that it is the same as:",
            "\(name): new name, or the number of the same speaker:", "\(name): new name or number:", "\(name):",
        ]
    }

    /// The numbers of the speakers, as `1-3`.
    private var numbers: String { speakers.count == 1 ? "1" : "1-\(speakers.count)" }

    /// Applies one key.
    mutating func reduce(_ key: Key) -> EntryOutcome {
        if key == .resize { return .open }
        problem = nil
        switch (key, lane) {
        case (.escape, _): return .cancelled
        case (.character(let character), nil): choose(character)
        case (.character(let character), _): append(character)
        case (.backspace, _): text = String(text.dropLast())
        case (.enter, let lane?): return submit(lane)
        default: break
        }
        return .open
    }

    /// Takes over the speakers as they are now. Where their number has changed, the edited one is found by the name.
    ///
    /// - Returns: Whether the edited speaker, or any before one is chosen, is still there.
    mutating func follow(_ speakers: [String]) -> Bool {
        let before = self.speakers
        if let lane, speakers.count != before.count {
            guard let moved = speakers.firstIndex(of: before[lane]) else { return false }
            self.lane = moved
        }
        self.speakers = speakers
        return !speakers.isEmpty
    }

    private mutating func choose(_ character: Character) {
        if let number = Int(String(character)), speakers.indices.contains(number - 1) {
            lane = number - 1
        } else {
            problem = "there is no speaker \(character): \(numbers), Esc: none"
        }
    }

    private mutating func append(_ character: Character) {
        let longer = text + String(character)
        guard longer.count <= SpeakerName.longest, Self.isAllowed(character) else {
            problem = SpeakerName.rule
            return
        }
        text = longer
    }

    /// Returns whether a character may stand in the middle of a name.
    private static func isAllowed(_ character: Character) -> Bool { SpeakerName("A\(character)A") != nil }

    private mutating func submit(_ lane: Int) -> EntryOutcome {
        let typed = String(text.trimming(" "))
        if typed == speakers[lane] { return .cancelled }
        if typed.isEmpty {
            problem = "type a name, Esc: none"
        } else if typed.allSatisfy(\.isNumber) {
            return merge(lane, typed)
        } else if let other = speakers.firstIndex(of: typed) {
            problem = "speaker \(other + 1) has this name: type \(other + 1) if they are the same"
        } else if let name = SpeakerName(typed) {
            return .done(.renameSpeaker(lane: lane, name: name))
        } else {
            problem = SpeakerName.rule
        }
        return .open
    }

    private mutating func merge(_ lane: Int, _ typed: String) -> EntryOutcome {
        guard let number = Int(typed), speakers.indices.contains(number - 1) else {
            problem = "there is no speaker \(typed): type \(speakers.count > 1 ? "\(numbers) or " : "")a name"
            return .open
        }
        guard number - 1 != lane else {
            problem = "\(number) is \(speakers[lane]): type \(speakers.count > 1 ? "another number or " : "")a name"
            return .open
        }
        return .done(.mergeSpeaker(lane: lane, into: number - 1))
    }
}

extension String {
    /// Returns the text without this character at its ends.
    func trimming(_ character: Character) -> Substring {
        var text = self[...]
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return text
    }
}
