import EmotionCore
import Testing

@testable import EmotionTUI

/// The keys that type a text.
func typed(_ text: String) -> [Key] { text.map(Key.character) }

/// The entry that renames or merges speakers.
@Suite struct SpeakerEntryTests {
    private let three = ["A", "B", "C"]

    /// A dashboard of these speakers after these keys, and what the last key asks for.
    private func press(_ keys: [Key], _ speakers: [String]) -> (state: DashboardState, action: DashboardAction?) {
        var state = DashboardState()
        state.follow(speakers)
        var action: DashboardAction?
        for key in keys { action = state.reduce(key) }
        return (state, action)
    }

    private func rename(_ lane: Int, _ name: String) throws -> DashboardAction {
        .renameSpeaker(lane: lane, name: try #require(SpeakerName(name)))
    }

    @Test func aSpeakerIsChosenAndRenamed() throws {
        var (state, action) = press(typed("e"), three)
        #expect(action == nil && state.entry?.prompts[0] == "which speaker? 1-3, Esc: none")
        #expect(state.entry?.name == nil)
        _ = state.reduce(.character("2"))
        #expect(state.entry?.prompts[0].hasPrefix("B: new name, or the number of the speaker") == true)
        for key in typed("Zoë") { #expect(state.reduce(key) == nil) }
        #expect(state.entry?.text == "Zoë")
        action = state.reduce(.enter)
        #expect(try action == rename(1, "Zoë"))
        #expect(state.entry == nil && state.notice == nil)
    }

    @Test func theOnlySpeakerNeedsNoChoice() throws {
        let (state, action) = press(typed("eAnna 2") + [.enter], ["A"])
        #expect(try action == rename(0, "Anna 2"))
        #expect(state.entry == nil)
        #expect(press(typed("e"), ["A"]).state.entry?.prompts[0] == "A: new name:", "there is no other to merge with")
        let problem = press(typed("e1") + [.enter], ["A"]).state.entry?.problem
        #expect(problem == "1 is A: type a name")
        #expect(press(typed("e2") + [.enter], ["A"]).state.entry?.problem == "there is no speaker 2: type a name")
    }

    @Test func aNumberAloneMergesIntoThatSpeaker() {
        for (lane, into) in [(1, 3), (3, 1), (2, 1)] {
            let (state, action) = press(typed("e\(lane)\(into)") + [.enter], three)
            #expect(action == .mergeSpeaker(lane: lane - 1, into: into - 1))
            #expect(state.entry == nil)
        }
        let many = (0..<12).map { SpeakerName(index: $0).description }
        #expect(press(typed("e211") + [.enter], many).action == .mergeSpeaker(lane: 1, into: 10))
    }

    @Test(arguments: [
        ("", "type a name"), ("   ", "type a name"), ("7", "no speaker 7: type 1-3 or a name"), ("0", "no speaker 0"),
        ("2", "2 is B: type another number"), ("99999999999999999999", "no speaker 9999"), ("٢", "no speaker ٢"),
        ("C", "speaker 3 has this name: type 3"),
    ])
    func aWrongEntrySaysWhatIsWrongAndStays(text: String, problem: String) throws {
        var (state, action) = press(typed("e2" + text) + [.enter], three)
        let entry = try #require(state.entry)
        #expect(action == nil && entry.text == text)
        #expect(entry.problem?.contains(problem) == true, "\(entry.problem ?? "nothing")")
        _ = state.reduce(.character("x"))
        #expect(state.entry?.problem == nil, "the next key answers it")
        for _ in 0...text.count { _ = state.reduce(.backspace) }
        for key in typed("Ida") { _ = state.reduce(key) }
        action = state.reduce(.enter)
        #expect(try action == rename(1, "Ida"))
    }

    @Test func onlySpeakersCanBeChosen() {
        for key in typed("04qe ?") {
            let entry = press(typed("e") + [key], three).state.entry
            #expect(entry?.name == nil && entry?.problem?.contains("1-3, Esc: none") == true, "\(key)")
        }
        for key in [Key.enter, .backspace, .left, .tab, .function(1), .resize] {
            #expect(press(typed("e") + [key], three).state == press(typed("e"), three).state, "\(key)")
        }
    }

    @Test func charactersThatNoNameHasAreRefused() {
        for character in "!\"/,;\u{7F}🙂\u{9B}" {
            let entry = press(typed("e2Z\(character)"), three).state.entry
            #expect(entry?.text == "Z" && entry?.problem == SpeakerName.rule, "\(character)")
        }
        let long = String(repeating: "x", count: SpeakerName.longest)
        #expect(press(typed("e2" + long), three).state.entry?.problem == nil)
        let longer = press(typed("e2" + long + "y"), three).state.entry
        #expect(longer?.text == long && longer?.problem == SpeakerName.rule)
    }

    @Test func lettersOfAllLanguagesAndMarksAreText() throws {
        for name in ["Zoë", "łukasz ü", "Ö. K-l_n", "李", "Ирина"] {
            #expect(try press(typed("e2" + name) + [.enter], three).action == rename(1, name))
        }
        // An accent that arrives as a character of its own.
        let keys: [Key] = [.character("e"), .character("2"), .character("e"), .character("\u{301}"), .enter]
        #expect(try press(keys, three).action == rename(1, "é"))
    }

    /// Keys that act on the dashboard are text here; only Ctrl-C and the end of the terminal quit.
    @Test func everyKeyIsTextWhileANameIsTyped() {
        let before = press(typed("e2"), three).state
        for character in "qQmRc hst?e123" {
            var state = before
            #expect(state.reduce(.character(character)) == nil)
            #expect(state.entry?.text == (character == "?" ? "" : String(character)), "\(character)")
            _ = state.reduce(.escape)
            #expect(state == press([], three).state, "\(character) does nothing else")
        }
        for key in [Key.left, .right, .tab, .function(1), .function(10), .control("l"), .resize] {
            var state = before
            #expect(state.reduce(key) == nil && state == before, "\(key)")
        }
        for key in [Key.control("c"), .hangUp] {
            var state = before
            #expect(state.reduce(key) == .quit)
        }
    }

    @Test func backspaceTakesBackACharacter() throws {
        let keys = typed("e2Zoë") + [.backspace, .backspace, .backspace, .backspace] + typed("Al") + [.enter]
        #expect(try press(keys, three).action == rename(1, "Al"))
    }

    @Test func blanksAtTheEndsAreNoPartOfTheName() throws {
        #expect(try press(typed("e2 Anna B ") + [.enter], three).action == rename(1, "Anna B"))
        #expect(press(typed("e2 1 ") + [.enter], three).action == .mergeSpeaker(lane: 1, into: 0))
    }

    @Test func escapeAndTheOldNameChangeNothing() {
        for keys in [typed("e") + [.escape], typed("e2Zo") + [.escape], typed("e2B") + [.enter]] {
            let (state, action) = press(keys, three)
            #expect(action == nil && state == press([], three).state)
        }
    }

    @Test func theEntryClosesTheHelp() {
        #expect(!press(typed("?e"), three).state.showsHelp)
        let (state, action) = press(typed("e"), [])
        #expect(action == nil && state.entry == nil, "there are no speakers to name")
    }

    @Test func theEntryFollowsItsSpeaker() throws {
        var state = press(typed("e3Zoë"), three).state
        state.follow(["A", "B", "C", "D"])
        #expect(state.entry?.name == "C")
        state.follow(["A", "C", "D"])
        #expect(state.entry?.name == "C", "the lane above is gone")
        state.follow(["A", "Cora", "D"])
        #expect(state.entry?.name == "Cora", "the program knows the voice by now")
        #expect(state.entry?.text == "Zoë")
        #expect(try state.reduce(.enter) == rename(1, "Zoë"))
    }

    @Test func theEntryEndsWithItsSpeakerAndLetsNothingThrough() {
        var state = press(typed("e3Zo"), three).state
        state.follow(["A", "B"])
        #expect(state.entry == nil && state.notice == "C is gone: no change; Esc goes on")
        let ended = state
        for key in typed("qmRc ?") + [.left, .tab, .function(10)] {
            #expect(state.reduce(key) == nil && state == ended, "\(key) was meant for the name")
        }
        for key in [Key.escape, .enter] {
            state = ended
            #expect(state.reduce(key) == nil && state.notice == nil)
            #expect(state.reduce(.character("q")) == .quit)
        }
        state = ended
        #expect(state.reduce(.control("c")) == .quit)
        state = press(typed("e"), three).state
        state.follow([])
        #expect(state.entry == nil && state.notice?.contains("is gone") == true)
    }
}
