import Testing

@testable import EmotionTUI

/// The list of microphones that the key `d` opens.
@Suite struct SourceChoiceTests {
    private static let sources: [DashboardSnapshot.Microphone] = [
        .init(device: "default", description: "Default Audio Device", level: -40),
        .init(device: "pulse:yeti", description: "Blue Yeti Mono", isHeard: true, level: -12.4),
        .init(device: "plughw:CARD=X,DEV=0", description: "HDA Intel, ALC", problem: "another program is using it"),
    ]

    private func open(_ sources: [DashboardSnapshot.Microphone]? = sources) -> DashboardState {
        var state = DashboardState()
        state.follow(sources)
        return state
    }

    @Test func theMarkBeginsAtWhatIsHeardAndStaysInTheList() {
        var state = open()
        #expect(state.reduce(.enter) == .chooseSource(device: "pulse:yeti"))
        #expect(state.sourceChoice == nil)
        state = open()
        for _ in 0..<5 { #expect(state.reduce(.down) == nil) }
        #expect(state.reduce(.enter) == .chooseSource(device: "plughw:CARD=X,DEV=0"))
        state = open()
        for _ in 0..<5 { #expect(state.reduce(.up) == nil) }
        state.follow(Self.sources)
        #expect(state.reduce(.enter) == .chooseSource(device: "default"))
    }

    @Test func everyOtherKeyBelongsToTheListWhileItIsOpen() {
        var state = open()
        for key: Key in [.character("m"), .character("R"), .tab, .character(" "), .character("t"), .left] {
            #expect(state.reduce(key) == nil, "\(key)")
        }
        #expect(state.view == .trajectory && !state.isFrozen && state.theme == .dark)
        #expect(state.reduce(.character("q")) == .leaveSources)
        state = open()
        #expect(state.reduce(.escape) == .leaveSources && state.sourceChoice == nil)
        state = open()
        #expect(state.reduce(.control("c")) == .quit)
        // What opened it has closed it.
        state = open()
        state.follow(nil as [DashboardSnapshot.Microphone]?)
        #expect(state.sourceChoice == nil && state.reduce(.character("m")) == .marker)
    }

    @Test func anEmptyListWaitsForItsMicrophones() {
        var state = open([])
        #expect(state.reduce(.down) == nil && state.reduce(.enter) == nil)
        state.follow(Self.sources)
        #expect(state.reduce(.enter) != nil)
    }

    @Test(arguments: [(40, 10), (60, 15), (80, 24), (120, 36), (200, 50)])
    func theListFitsAndNamesEachMicrophone(_ width: Int, _ height: Int) {
        var snapshot = DashboardSnapshot()
        snapshot.sources = Self.sources
        for glyphs in [Glyphs.braille, .ascii] {
            let frame = Painter.frame(
                of: snapshot, state: open(), width: width, height: height, glyphs: glyphs, depth: .direct)
            #expect(frame.overflow == 0)
            let text = (0..<height).map { y in
                String(String.UnicodeScalarView((0..<width).compactMap { Unicode.Scalar(frame[$0, y].scalar) }))
            }.joined(separator: "\n")
            for words in ["Default", "Blue Yeti", "-12", "HDA Intel"] { #expect(text.contains(words), "\(text)") }
            if width >= 80 {
                #expect(text.contains("another program is using it") && text.contains("pulse:yeti"), "\(text)")
            }
        }
        snapshot.sources = (0..<100).map { .init(device: "d\($0)", description: "Microphone number \($0)") }
        var state = open(snapshot.sources)
        _ = state.reduce(.end)
        let frame = Painter.frame(
            of: snapshot, state: state, width: width, height: height, glyphs: .ascii, depth: .monochrome)
        #expect(frame.overflow == 0)
    }
}
