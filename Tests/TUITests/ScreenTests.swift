import Testing

@testable import EmotionTUI

/// The ncurses back end on `/dev/null`, which ncurses treats as a terminal of 80×24.
@Suite(.serialized) struct ScreenTests {
    private func open(
        _ variables: [String: String], path: String = "/dev/null", mustBeTerminal: Bool = false
    ) throws(DashboardError) -> Dashboard {
        var options = DashboardOptions()
        options.terminal = (path, mustBeTerminal)
        return try Dashboard(options: options, environment: TerminalEnvironment { variables[$0] })
    }

    @Test(arguments: ["xterm-256color", "tmux-256color", "xterm", "linux", "vt100", "rxvt-16color"])
    func drawsOnEveryKindOfTerminal(term: String) throws {
        let dashboard: Dashboard
        do {
            dashboard = try open(["TERM": term])
        } catch DashboardError.terminalTypeUnknown {
            return
        }
        for snapshot in Snapshot.zoo {
            dashboard.draw(snapshot)
            for key in [Key.tab, .character("?"), .character("t"), .character(" "), .left, .control("l"), .resize] {
                #expect(dashboard.handle(key) == nil)
            }
        }
        #expect(dashboard.handle(.character("q")) == .quit)
        dashboard.close()
        dashboard.close()
        dashboard.draw(Snapshot())
        #expect(dashboard.nextKey(timeout: 0) == nil)
    }

    @Test func coloursFollowTheTerminalAndTheUser() throws {
        func depth(_ variables: [String: String], allowed: Bool = true) throws -> ColorDepth {
            var options = DashboardOptions(allowsColor: allowed)
            options.terminal = ("/dev/null", false)
            let screen = try NCursesScreen(options: options, environment: TerminalEnvironment { variables[$0] })
            defer { screen.close() }
            return screen.depth
        }
        #expect(try depth(["TERM": "xterm-256color"]) == .indexed)
        #expect(try depth(["TERM": "xterm"]) == .eight)
        #expect(try depth(["TERM": "vt100"]) == .monochrome)
        #expect(try depth(["TERM": "xterm-256color", "NO_COLOR": "1"]) == .monochrome)
        #expect(try depth(["TERM": "xterm-256color"], allowed: false) == .monochrome)
    }

    @Test func aClosedTerminalGivesAHangUp() throws {
        let dashboard = try open(["TERM": "xterm"])
        defer { dashboard.close() }
        let keys = (0..<10).compactMap { _ in dashboard.nextKey(timeout: 10) }
        #expect(keys.first == .hangUp)
        #expect(dashboard.handle(.hangUp) == .quit)
    }

    @Test func errorsSayWhatToDo() {
        #expect(throws: DashboardError.terminalTypeMissing) { try open([:]) }
        #expect(throws: DashboardError.terminalTypeUnknown("no-such")) { try open(["TERM": "no-such"]) }
        #expect(throws: DashboardError.terminalTooSimple("dumb")) { try open(["TERM": "dumb"]) }
        #expect(throws: DashboardError.notATerminal) { try open(["TERM": "xterm"], mustBeTerminal: true) }
        #expect(throws: DashboardError.cannotOpen(path: "/no/such", reason: "No such file or directory")) {
            try open(["TERM": "xterm"], path: "/no/such")
        }
        let errors: [DashboardError] = [
            .notATerminal, .terminalTypeMissing, .terminalTypeUnknown("x"), .terminalTooSimple("x"),
            .cannotOpen(path: "p", reason: "r"),
        ]
        for error in errors {
            let text = error.description
            #expect(text.contains("--json") || text.contains("TERM=xterm-256color"), "\(text)")
        }
        #expect(DashboardError.terminalTypeUnknown("xterm-kitty").description.contains("install kitty-terminfo"))
    }
}
