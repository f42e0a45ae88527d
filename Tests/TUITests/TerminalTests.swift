import Foundation
import TestSupport
import Testing

@testable import EmotionTUI

/// The dashboard in a real terminal (tmux), on a made-up session.
@Suite(.serialized) struct TerminalTests {
    private static func isFull(_ text: String) -> Bool {
        text.contains("trajectory") && text.contains("q quit") && text.contains("machine")
    }

    private func start(
        _ arguments: String, columns: Int = 120, rows: Int = 36, type: String = "tmux-256color",
        environment: [String: String] = [:]
    ) throws -> Terminal {
        let terminal = try Terminal(columns: columns, rows: rows, type: type, environment: environment)
        try terminal.type("stty -a > /dev/null; '\(try builtProduct("TUIDemo"))' \(arguments)")
        try terminal.wait(for: "dashboard") { $0.contains("quit") && $0.contains("dBFS") }
        return terminal
    }

    /// Expects that the dashboard is gone: the shell's screen is back with its prompt, the cursor shows, keys echo.
    private func expectRestored(_ terminal: Terminal, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try terminal.wait(for: "the shell's screen") { _ in try !terminal.isAlternate }
        let words = "'-?(echo|icanon|isig|onlcr|icrnl)'"
        try terminal.type("stty -a | tr ' ;' '\\n\\n' | grep -xE -- \(words) | tr '\\n' '+'; echo done")
        let text = try terminal.wait(for: "the terminal's settings") { $0.contains("+done") }
        for setting in ["echo", "icanon", "isig", "onlcr", "icrnl"] {
            #expect(
                text.contains("+\(setting)+") || text.contains("\n\(setting)+"), "\(setting): \(text)",
                sourceLocation: sourceLocation)
        }
        #expect(text.contains("| grep -xE"), "what is typed shows", sourceLocation: sourceLocation)
        #expect(!text.contains("trajectory"), sourceLocation: sourceLocation)
        #expect(try terminal.showsCursor, sourceLocation: sourceLocation)
    }

    @Test func aFrameHasItsLabelsAndLines() throws {
        let terminal = try start("--at 75")
        let text = try terminal.wait(for: "frame", until: Self.isFull)
        for word in ["angry", "happy", "neutral", "sad", "conversation.flac", "REC", "1:15 / 3:45"] {
            #expect(text.contains(word))
        }
        let braille = text.unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
        #expect(braille > 200, "four lines are plotted")
        #expect(try terminal.styledText().contains("38;5;203"), "angry is in its colour")
        #expect(try !terminal.showsCursor)
        #expect(try terminal.isAlternate)
    }

    @Test func thePictureFollowsANewTerminalSize() throws {
        let terminal = try start("--at 75")
        let before = try terminal.wait(for: "frame", until: Self.isFull)
        try terminal.resize(columns: 60, rows: 15)
        let small = try terminal.wait(for: "small frame") { $0.contains("latency 82 ms") && !$0.contains("machine") }
        for word in ["angry", "happy", "neutral", "sad"] { #expect(small.contains(word)) }
        #expect(small.unicodeScalars.count { (0x2801...0x28FF).contains($0.value) } > 60)
        try terminal.resize(columns: 30, rows: 8)
        try terminal.wait(for: "what is needed") { $0.contains("this terminal is 30x8") }
        try terminal.resize(columns: 120, rows: 36)
        try terminal.wait(for: "the first frame again") { $0 == before }
    }

    @Test(arguments: ["q", "F10", "C-c"])
    func quittingGivesTheTerminalBack(key: String) throws {
        let terminal = try start("")
        try terminal.send(key)
        try expectRestored(terminal)
    }

    @Test(arguments: ["TERM", "HUP", "SEGV", "ABRT", "QUIT"])
    func signalsGiveTheTerminalBack(signal: String) throws {
        let terminal = try start("")
        let shell = try #require(Int32(terminal.format("#{pane_pid}")))
        let child = try String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
        let process = try #require(child.split(separator: " ").first.flatMap { Int32($0) })
        let numbers = ["TERM": SIGTERM, "HUP": SIGHUP, "SEGV": SIGSEGV, "ABRT": SIGABRT, "QUIT": SIGQUIT]
        kill(process, try #require(numbers[signal]))
        try expectRestored(terminal)
    }

    @Test func aCrashRestoresTheTerminalAndIsStillACrash() throws {
        let terminal = try start("--crash; echo status=$?")
        try terminal.send("x")
        try terminal.wait(for: "the crash's status") { $0.contains("status=139") }
        try expectRestored(terminal)
    }

    @Test func anExitWithoutCloseRestoresTheTerminal() throws {
        let terminal = try start("--crash; echo status=$?")
        try terminal.send("e")
        try terminal.wait(for: "the exit's status") { $0.contains("status=3") }
        try expectRestored(terminal)
    }

    @Test func aStopRestoresTheTerminalAndContinuingDrawsThePictureAgain() throws {
        let terminal = try start("--at 75")
        let before = try terminal.wait(for: "frame", until: Self.isFull)
        try terminal.send("C-z")
        try terminal.wait(for: "the shell") { $0.contains("Stopped") }
        #expect(try !terminal.isAlternate)
        #expect(try terminal.showsCursor)
        try terminal.type("fg")
        try terminal.wait(for: "the frame again") { $0 == before }
        try terminal.send("q")
        try expectRestored(terminal)
    }

    @Test func keysChangeThePicture() throws {
        let terminal = try start("", columns: 100, rows: 30)
        try terminal.send("?")
        try terminal.wait(for: "help") { $0.contains("freeze the picture") }
        try terminal.send("Escape")
        try terminal.wait(for: "no help") { !$0.contains("freeze the picture") }
        try terminal.send("-")
        try terminal.wait(for: "two minutes") { $0.contains("last 2 min") }
        try terminal.send("Space")
        let frozen = try terminal.wait(for: "freeze") { $0.contains("FROZEN") }
        Thread.sleep(forTimeInterval: 0.5)
        let still = try terminal.text().split(separator: "\n").dropFirst()
        #expect(still == frozen.split(separator: "\n").dropFirst(), "nothing moves, but for the size of the log")
        try terminal.send("R")
        try terminal.wait(for: "the paused recording on the frozen picture") { $0.contains("‖ REC") }
        try terminal.send("Space", "m")
        try terminal.wait(for: "motion") { !$0.contains("FROZEN") && $0 != frozen && $0.contains("▲") }
        try terminal.send("M", "Zoë q", "Enter")
        try terminal.wait(for: "the note") { $0.contains("╎Zoë q") }
        try terminal.send("Tab")
        try terminal.wait(for: "the conversation") { $0.contains("conversation") && $0.contains("all so far") }
        try terminal.send("Tab")
        try terminal.wait(for: "the big view") { !$0.contains("conversation ─") && $0.contains("Tab view") }
        try terminal.send("t", "t", "t", "t")
        try terminal.wait(for: "no colour") { _ in try !hasColour(terminal.styledText()) }
    }

    @Test func aSpeakerGetsANameAndTwoBecomeOne() throws {
        let terminal = try start("--speakers 3 --at 75")
        try terminal.wait(for: "the lanes") { $0.contains("╭─ ▶ A ") && $0.contains("╭─ B ") && $0.contains("╭─ C ") }
        try terminal.send("e")
        try terminal.wait(for: "the question") { $0.contains("which speaker? 1-3") && $0.contains("╭─ 2: B ") }
        try terminal.send("2")
        try terminal.wait(for: "the other question") { $0.contains("B: new name, or the number") }
        try terminal.send("Zoëq", "BSpace")
        try terminal.wait(for: "what is typed") { $0.contains("same as: Zoë▏") }
        try terminal.send("Enter")
        try terminal.wait(for: "the name") { $0.contains("╭─ Zoë ") && !$0.contains("╭─ B ") && $0.contains("q quit") }

        try terminal.send("e", "3", "1", "Enter")
        try terminal.wait(for: "two lanes") { $0.contains("╭─ Zoë ") && !$0.contains("╭─ C ") && $0.contains("q quit") }

        try terminal.send("Space", "e", "1", "Ann", "Enter")
        try terminal.wait(for: "the name on a frozen picture") { $0.contains("╭─ ▶ Ann ") && $0.contains("FROZEN") }
        try terminal.send("q")
        try expectRestored(terminal)
    }

    /// An SGR sequence that sets a colour, as tmux writes them (39 and 49 are the terminal's own).
    private func hasColour(_ text: String) -> Bool {
        text.split(separator: "\u{1B}[").dropFirst().contains { sequence in
            let codes = sequence.prefix { $0 != "m" }.split(separator: ";").compactMap { Int($0) }
            return codes.contains { (30...38).contains($0) || (40...48).contains($0) || (90...107).contains($0) }
        }
    }

    @Test func limitedTerminalsGetPicturesWithoutColourOrUnicode() throws {
        let plain = try start("--at 75", type: "vt100")
        #expect(try plain.text().allSatisfy(\.isASCII))
        #expect(try !hasColour(plain.styledText()))
        plain.close()
        let quiet = try start("--at 75", environment: ["NO_COLOR": "1"])
        let styled = try quiet.styledText()
        #expect(!hasColour(styled) && styled.contains("⣀"))
        quiet.close()
        #expect(try hasColour(start("--at 75").styledText()))
        let latin = try start("--at 75", environment: ["LC_ALL": "C"])
        #expect(try latin.text().allSatisfy(\.isASCII))
    }

    /// 24-bit colours are used where the terminal's 24-bit variant is installed and the terminal claims to show them.
    @Test func directColourIsUsedWhereItCanBe() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("terminfo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // As ncurses-term has it.
        let entry = #"""
            tmux-direct|tmux with direct colour,
                RGB, colors#0x1000000, pairs#0x7FFF,
                setab=\E[%?%p1%{8}%<%t4%p1%d%e48:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,
                setaf=\E[%?%p1%{8}%<%t3%p1%d%e38:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,
                use=tmux-256color,

            """#
        let source = directory.appendingPathComponent("entry")
        try entry.write(to: source, atomically: true, encoding: .utf8)
        let tic = try Process.run(
            URL(fileURLWithPath: "/usr/bin/tic"), arguments: ["-x", "-o", directory.path, source.path])
        tic.waitUntilExit()
        try #require(tic.terminationStatus == 0)
        let terminal = try start(
            "--at 75", environment: ["COLORTERM": "truecolor", "TERMINFO": directory.path])
        let text = try terminal.styledText()
        #expect(text.contains("38;2;255;102;80") && !text.contains("38;5;"))
    }

    @Test func withoutATerminalItSaysWhatToDo() throws {
        let terminal = try Terminal(columns: 120, rows: 10)
        try terminal.type("clear; setsid -w '\(try builtProduct("TUIDemo"))' < /dev/null | cat; echo ov''er")
        let text = try terminal.wait(for: "the error") { $0.contains("over") }
        #expect(text.contains("the dashboard needs a terminal"))
        #expect(text.contains("--json"))
    }
}
