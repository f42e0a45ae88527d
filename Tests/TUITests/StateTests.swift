import EmotionCore
import Testing

@testable import EmotionTUI

@Suite struct StateTests {
    /// Every key from every state: exactly the listed ones act, and each does what the help says.
    @Test func eachKeyDoesOneThing() {
        let printable: [Key] = (32...126).map { Key.character(Character(Unicode.Scalar(UInt8($0)))) }
        let controls: [Key] = (97...122).map { Key.control(Character(Unicode.Scalar(UInt8($0)))) }
        let others: [Key] = [.left, .right, .escape, .tab, .enter, .backspace, .resize, .hangUp]
        let keys = printable + controls + others + (1...12).map { Key.function($0) }
        let quits: Set<Key> = [.character("q"), .character("Q"), .function(10), .control("c"), .hangUp]
        let changes: Set<Key> = [
            .character(" "), .character("?"), .character("h"), .function(1), .character("s"), .character("t"), .left,
            .right, .tab,
        ]
        for key in keys {
            var state = DashboardState()
            let action = state.reduce(key)
            let expected: DashboardAction? =
                quits.contains(key)
                ? .quit
                : key == .character("m")
                    ? .marker
                    : key == .character("R") ? .toggleRecording : key == .character("c") ? .takeBaseline : nil
            #expect(action == expected, "\(key)")
            #expect((state != DashboardState()) == changes.contains(key), "\(key)")
        }
    }

    @Test func zoomStopsAtBothEnds() {
        var state = DashboardState()
        #expect(state.span == 60)
        for _ in 0..<10 { _ = state.reduce(.left) }
        #expect(state.span == 600)
        for _ in 0..<10 { _ = state.reduce(.right) }
        #expect(state.span == 15)
    }

    @Test func togglesReturnToTheirFirstState() {
        for key in [Key.character(" "), .character("?"), .character("s"), .tab] {
            var state = DashboardState()
            _ = state.reduce(key)
            #expect(state != DashboardState())
            _ = state.reduce(key)
            #expect(state == DashboardState())
        }
        var state = DashboardState()
        let themes = (0..<3).map { _ in
            _ = state.reduce(.character("t"))
            return state.theme
        }
        #expect(themes == [.light, .plain, .dark])
    }

    @Test func escapeUndoesOneThingAtATime() {
        var state = DashboardState()
        for key in [Key.tab, .character(" "), .character("?")] { _ = state.reduce(key) }
        _ = state.reduce(.escape)
        #expect(!state.showsHelp && state.isFrozen && state.view == .big)
        _ = state.reduce(.escape)
        #expect(!state.isFrozen && state.view == .big)
        _ = state.reduce(.escape)
        #expect(state == DashboardState())
    }

    /// The keys of the help are those that act: each of them changes something.
    @Test func theHelpListsOnlyWhatWorks() {
        let named: [String: Key] = [
            "q": .character("q"), "Space": .character(" "), "?": .character("?"), "← →": .left, "s": .character("s"),
            "m": .character("m"), "R": .character("R"), "c": .character("c"), "Tab": .tab, "t": .character("t"),
            "Esc": .escape, "e": .character("e"),
        ]
        for entry in DashboardState.keys(hasSpeakers: true) where entry.keys != "Ctrl-L" {
            var state = DashboardState()
            state.follow(["A", "B"])
            state.isFrozen = entry.keys == "Esc"
            let before = state
            let action = named[entry.keys].flatMap { state.reduce($0) }
            #expect(named[entry.keys] != nil && (action != nil || state != before), "\(entry.keys)")
        }
        var state = DashboardState()
        state.showsHelp = true
        for hasSpeakers in [false, true] {
            var snapshot = Snapshot.steady(.init(happy: 1))
            snapshot.talkTime = hasSpeakers ? 5 : nil
            let text = picture(snapshot, 60, 15, state: state).text
            let keys = DashboardState.keys(hasSpeakers: hasSpeakers)
            for entry in keys { #expect(text.contains(entry.long), "\(entry.long) fits 60×15") }
            #expect(text.contains("rename a speaker") == hasSpeakers)
            #expect(keys.contains { $0.keys == "e" } == hasSpeakers)
        }
    }

    @Test func codesOfNcursesBecomeKeys() {
        let codes: [(Int32, Key?)] = [
            (113, .character("q")), (32, .character(" ")), (27, .escape), (9, .tab), (13, .enter), (10, .enter),
            (3, .control("c")), (12, .control("l")), (0o404, .left), (0o405, .right), (0o403, nil), (0o402, nil),
            (0o632, .resize), (0o410 + 1, .function(1)), (0o410 + 10, .function(10)), (0, nil), (200, nil), (-1, nil),
            (0o527, .enter), (0o407, .backspace), (127, .backspace), (8, .backspace), (0o404 - 1, nil),
        ]
        for (code, key) in codes { #expect(Key(code: code) == key, "\(code)") }
    }
}
