import Foundation
import TestSupport
import Testing

/// The files of a session are whole however it ends: signals, a terminal that goes away, a crash, `kill -9`.
@Suite(.serialized, .timeLimit(.minutes(10))) struct EndingTests {
    /// Checks the files, and returns the log's rows and the seconds that log and sound reach. `kill -9` may leave half
    /// a row at the end.
    private func check(_ scratch: Scratch, halfRow: Bool = false) throws -> (log: Log, logged: Double, saved: Double) {
        var text = try scratch.text("a.csv")
        if halfRow, let end = text.range(of: "\r\n", options: .backwards) { text = String(text[..<end.upperBound]) }
        #expect(text.hasSuffix("\r\n"))
        let log = Log(text)
        #expect(log.column("seq") == (0..<log.rows.count).map(String.init))
        #expect(log.rows.allSatisfy { $0.count == log.header.count })
        let saved = Double(try excerpt(scratch.path("a.wav"), from: 0, to: 1000).count) / 16_000
        return (log, log.rows.last.flatMap { Double($0["end_s"]!) } ?? 0, saved)
    }

    private func waitForRows(_ scratch: Scratch, _ count: Int) throws {
        try waitUntil("\(count) rows") { Log((try? scratch.text("a.csv")) ?? "").rows.count >= count }
    }

    private let saving = ["-o", "a.csv", "--save-audio", "a.wav"]

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalEndsASessionInOrder(signal: Int32) throws {
        let scratch = try Scratch()
        let program = try launch(["replay", "--realtime", "-q", conversation] + saving, scratch: scratch)
        try waitForRows(scratch, 2)
        program.kill(signal)
        if signal == SIGHUP { program.kill(signal) }
        #expect(program.waitForExit() == 0)
        let (_, logged, saved) = try check(scratch)
        #expect(abs(logged - saved) < 1e-3, "the rows reach as far as the sound")
    }

    @Test func aClosedPipeEndsTheSessionWithAWholeLog() throws {
        let scratch = try Scratch()
        let program = try builtProduct("emoscope")
        let run = try ChildProcess([
            "bash", "-c",
            "cd \"$2\"; \"$0\" replay --fast -q --json -o a.csv --save-audio a.wav \"$1\" | head -n 1; "
                + "exit ${PIPESTATUS[0]}", program, conversation, scratch.url.path,
        ])
        #expect(run.waitForExit() == 0)
        #expect(try check(scratch).log.rows.count > 0)
    }

    /// Starts the program with a dashboard; returns the terminal and the process.
    private func onDashboard(_ scratch: Scratch) throws -> (terminal: Terminal, process: pid_t) {
        let terminal = try Terminal(columns: 100, rows: 30)
        try terminal.type(
            "cd \(scratch.url.path); (echo $BASHPID > pid; exec \(try builtProduct("emoscope")) replay "
                + "\(saving.joined(separator: " ")) \(conversation)); echo ended with $?")
        try waitForRows(scratch, 2)
        let text = try scratch.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
        return (terminal, try #require(pid_t(text)))
    }

    @Test func aTerminalThatGoesAwayEndsTheSessionInOrder() throws {
        let scratch = try Scratch()
        let (terminal, process) = try onDashboard(scratch)
        terminal.close()
        try waitUntil("the program has ended") { kill(process, 0) != 0 }
        let (_, logged, saved) = try check(scratch)
        #expect(abs(logged - saved) < 1e-3, "the rows reach as far as the sound")
    }

    @Test(arguments: [SIGSEGV, SIGTRAP, SIGABRT])
    func aCrashRestoresTheTerminalWithAMessageAndAWholeLog(signal: Int32) throws {
        let scratch = try Scratch()
        let (terminal, process) = try onDashboard(scratch)
        kill(process, signal)
        let text = try terminal.wait(for: "the end", seconds: 20) { $0.contains("ended with \(128 + signal)") }
        #expect(text.contains("ended by signal \(signal)"))
        #expect(try !terminal.isAlternate)
        #expect(try terminal.showsCursor)
        let (log, logged, saved) = try check(scratch)
        #expect(log.rows.count >= 2 && saved >= logged)
    }

    /// At full speed, the files grow by megabytes a second when the kill comes.
    @Test func filesAreWholeAfterAKillDuringAFastReplay() throws {
        var random = Seeded(state: 5)
        for round in 0..<10 {
            let scratch = try Scratch()
            let program = try launch(
                ["replay", "--fast", "-q", "--hop", "0.05"] + Array(repeating: conversation, count: 20) + saving,
                scratch: scratch)
            try waitForRows(scratch, 1)
            usleep(UInt32.random(in: 0..<800_000, using: &random))
            program.kill(SIGKILL)
            #expect(program.waitForExit() == 128 + SIGKILL)
            let (log, logged, saved) = try check(scratch, halfRow: true)
            #expect(saved >= logged && log.rows.count > 0, "round \(round)")
            // The log can be continued.
            try writeWAV(tone(seconds: 3), to: scratch.path("more.wav"))
            let more = try emoscope("replay", "--fast", "--append", "-o", "a.csv", "more.wav", in: scratch.url)
            #expect(more.status == 0, "\(more.errors)")
            #expect(Log(try scratch.text("a.csv")).rows.count == log.rows.count + 2)
        }
    }

    @Test func aKillDuringARecordingLosesAtMostASecond() throws {
        var random = Seeded(state: 6)
        let room = try AudioRoom()
        defer { room.stop() }
        let player = try room.play(URL(fileURLWithPath: conversation))
        defer { player.kill(SIGTERM) }
        for round in 0..<4 {
            let scratch = try Scratch()
            let program = try launch(
                ["record", "a.csv", "--save-audio", "a.wav", "-D", "room", "-q", "--hop", "0.1"], scratch: scratch,
                environment: room.environment)
            try waitForRows(scratch, 1)
            let first = Date()
            let begun = try check(scratch, halfRow: true)
            usleep(UInt32.random(in: 200_000..<3_000_000, using: &random))
            let elapsed = Date().timeIntervalSince(first)
            program.kill(SIGKILL)
            program.waitForExit()
            let (_, logged, saved) = try check(scratch, halfRow: true)
            #expect(saved >= logged, "round \(round)")
            #expect(
                saved - begun.saved > elapsed - 1 && logged - begun.logged > elapsed - 1, "round \(round): \(elapsed) s"
            )
        }
    }
}

/// A generator with a fixed seed, so that every run has the same moments.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 33
    }
}
