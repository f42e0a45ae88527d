import EmotionCore
import Testing

@testable import EmotionTUI

@Suite struct StateTests {
    /// The state after five minutes.
    private static var later: DashboardState {
        var state = DashboardState()
        state.streamTime = 300
        return state
    }

    /// Every key from every state: exactly the listed ones act, and each does what the help says.
    @Test func eachKeyDoesOneThing() {
        let printable: [Key] = (32...126).map { Key.character(Character(Unicode.Scalar(UInt8($0)))) }
        let controls: [Key] = (97...122).map { Key.control(Character(Unicode.Scalar(UInt8($0)))) }
        let others: [Key] = [
            .left, .right, .up, .down, .home, .end, .pageUp, .pageDown, .escape, .tab, .enter, .backspace, .resize,
            .hangUp,
        ]
        let keys = printable + controls + others + (1...12).map { Key.function($0) }
        let quits: Set<Key> = [.character("q"), .character("Q"), .function(10), .control("c"), .hangUp]
        let changes: Set<Key> = [
            .character(" "), .character("?"), .character("h"), .function(1), .character("s"), .character("t"), .left,
            .home, .pageUp, .tab, .character("2"), .character("3"), .character("+"), .character("="), .character("-"),
            .character("M"),
        ]
        for key in keys {
            var state = Self.later
            let action = state.reduce(key)
            let expected: DashboardAction? =
                switch key {
                case _ where quits.contains(key): .quit
                case .character("m"): .marker
                case .character("R"): .toggleRecording
                case .character("c"): .takeBaseline
                case .character("d"): .listSources
                default: nil
                }
            #expect(action == expected, "\(key)")
            #expect((state != Self.later) == changes.contains(key), "\(key)")
        }
    }

    @Test func zoomStopsAtBothEnds() {
        var state = DashboardState()
        #expect(state.span(of: 5000) == 60)
        for _ in 0..<10 { _ = state.reduce(.character("-")) }
        #expect(state.span(of: 5000) == 600)
        for _ in 0..<10 { _ = state.reduce(.character("+")) }
        #expect(state.span(of: 5000) == 15)
    }

    @Test func theConversationIsWholeUntilItIsZoomed() {
        var state = Self.later
        _ = state.reduce(.character("2"))
        #expect(state.view == .conversation && state.span(of: 300) == 300 && state.span(of: 7200) == 7200)
        #expect(state.span(of: 12) == 60, "a minute at least")
        _ = state.reduce(.character("+"))
        #expect(state.span(of: 300) == 150)
        for _ in 0..<20 { _ = state.reduce(.character("+")) }
        #expect(state.span(of: 300) == 15)
        for _ in 0..<20 { _ = state.reduce(.character("-")) }
        #expect(state.span(of: 300) == 300)
        #expect(state.span(of: .infinity) == 60 && state.span(of: .nan) == 60)
    }

    @Test func movingInTimeStaysWithinTheSession() {
        var state = Self.later
        #expect(state.panned == nil)
        _ = state.reduce(.left)
        #expect(state.panned == 285)
        _ = state.reduce(.pageUp)
        #expect(state.panned == 225)
        _ = state.reduce(.home)
        #expect(state.panned == 60)
        _ = state.reduce(.left)
        #expect(state.panned == 60)
        _ = state.reduce(.pageDown)
        #expect(state.panned == 120)
        state.streamTime = 130
        _ = state.reduce(.right)
        #expect(state.panned == nil, "the present follows again")
        for key in [Key.end, .escape, .character("1"), .tab] {
            var state = Self.later
            _ = state.reduce(.left)
            _ = state.reduce(key)
            #expect(state.panned == nil, "\(key)")
        }
    }

    @Test func togglesReturnToTheirFirstState() {
        for (key, times) in [(Key.character(" "), 2), (.character("?"), 2), (.character("s"), 2), (.tab, 3)] {
            var state = DashboardState()
            for _ in 1..<times { _ = state.reduce(key) }
            #expect(state != DashboardState())
            _ = state.reduce(key)
            #expect(state == DashboardState())
        }
        var state = DashboardState()
        let themes = Theme.allCases.map { _ in
            _ = state.reduce(.character("t"))
            return state.theme
        }
        #expect(themes == [.light, .safe, .plain, .mono, .dark])
    }

    @Test func escapeUndoesOneThingAtATime() {
        var state = Self.later
        for key in [Key.character("2"), .character("+"), .left, .character(" "), .character("?")] {
            _ = state.reduce(key)
        }
        _ = state.reduce(.escape)
        #expect(!state.showsHelp && state.isFrozen && state.panned != nil)
        _ = state.reduce(.escape)
        #expect(!state.isFrozen && state.panned != nil)
        _ = state.reduce(.escape)
        #expect(state.panned == nil && state.view == .conversation)
        _ = state.reduce(.escape)
        #expect(state.view == .trajectory)
    }

    /// A text field takes every key but Ctrl-C.
    @Test func aNoteTakesEveryKey() {
        var state = Self.later
        for key in typed("MZoë lacht, q?") { #expect(state.reduce(key) == nil) }
        #expect(state.markerNote?.text == "Zoë lacht, q?")
        _ = state.reduce(.backspace)
        for key in [Key.left, .tab, .function(1), .resize, .character("\u{9B}")] { #expect(state.reduce(key) == nil) }
        state.streamTime = 310
        #expect(state.reduce(.enter) == .notedMarker(note: "Zoë lacht, q", time: 300))
        #expect(state.markerNote == nil)
        for key in typed("Mab") + [.escape] { _ = state.reduce(key) }
        #expect(state.markerNote == nil && state.view == .trajectory)
        for _ in typed("M" + String(repeating: "w", count: 200)) { _ = state.reduce(.character("M")) }
        #expect(state.markerNote?.text.count == MarkerNote.longest)
        #expect(state.reduce(.control("c")) == .quit)
        let text = picture(.steady(.init(happy: 1)), 40, 10, state: state).text
        #expect(text.contains("MMM▏"), "its end shows: \(text)")
    }

    /// The keys of the help are those that act: each of them changes something, and none is there twice.
    @Test func theHelpListsOnlyWhatWorks() {
        let named: [String: [Key]] = [
            "q": [.character("q")], "Space": [.character(" ")], "?": [.character("?")], "← →": [.left],
            "s": [.character("s")], "m": [.character("m")], "M": [.character("M")], "R": [.character("R")],
            "c": [.character("c")], "d": [.character("d")], "Tab": [.tab], "t": [.character("t")], "Esc": [.escape],
            "e": [.character("e")],
            "1 2 3": [.character("3"), .character("2")], "+ -": [.character("+"), .character("-")], "Home End": [.home],
        ]
        let table = KeyTable.all(hasSpeakers: true)
        let names = table.flatMap { $0.keys.split(separator: " ") }
        #expect(Set(names).count == names.count, "no key is there twice")
        for entry in table where entry.keys != "Ctrl-L" {
            for key in named[entry.keys] ?? [] {
                var state = Self.later
                state.follow(["A", "B"])
                state.isFrozen = entry.keys == "Esc"
                let before = state
                let action = state.reduce(key)
                #expect(action != nil || state != before, "\(entry.keys)")
            }
            #expect(named[entry.keys] != nil, "\(entry.keys)")
        }
        #expect(
            Set(KeyTable.footer(hasSpeakers: true).map(\.keys)) == Set(table.filter { !$0.short.isEmpty }.map(\.keys)))
    }

    /// Every key and every sign is on one of the pages, and nothing of it is cut, at the smallest size too.
    @Test(arguments: [(40, 10), (60, 15), (80, 24), (120, 36)], Glyphs.allCases)
    func theHelpIsWholeAtEverySize(size: (Int, Int), glyphs: Glyphs) {
        for hasSpeakers in [false, true] {
            var snapshot = Snapshot.steady(.init(happy: 1))
            snapshot.talkTime = hasSpeakers ? 5 : nil
            var state = Self.later
            state.helpPages = HelpText.pages(
                width: size.0, height: size.1, hasSpeakers: hasSpeakers, glyphs: glyphs)
            var words: [Substring] = []
            repeat {
                _ = state.reduce(.character("?"))
                guard state.showsHelp else { break }
                let frame = picture(snapshot, size.0, size.1, state: state, glyphs: glyphs)
                #expect(frame.overflow == 0)
                words += frame.text.split { " \n│|".contains($0) }
            } while words.count < 10_000
            let said = Set(words)
            let keys = HelpText.keys(hasSpeakers: hasSpeakers, glyphs: glyphs, room: 200)
            let signs = HelpText.signs(hasSpeakers: hasSpeakers, glyphs: glyphs, room: 200)
            for line in keys + signs {
                for word in (line.name + " " + line.text).split(separator: " ") {
                    #expect(said.contains(word), "\(word) at \(size)")
                }
            }
            #expect(keys.contains { $0.name == "e" } == hasSpeakers)
        }
    }

    @Test func codesOfNcursesBecomeKeys() {
        let codes: [(Int32, Key?)] = [
            (113, .character("q")), (32, .character(" ")), (27, .escape), (9, .tab), (13, .enter), (10, .enter),
            (3, .control("c")), (12, .control("l")), (0o404, .left), (0o405, .right), (0o403, .up), (0o402, .down),
            (0o406, .home), (0o550, .end), (0o523, .pageUp), (0o522, .pageDown),
            (0o632, .resize), (0o410 + 1, .function(1)), (0o410 + 10, .function(10)), (0, nil), (200, nil), (-1, nil),
            (0o527, .enter), (0o407, .backspace), (127, .backspace), (8, .backspace),
        ]
        for (code, key) in codes { #expect(Key(code: code) == key, "\(code)") }
    }
}
