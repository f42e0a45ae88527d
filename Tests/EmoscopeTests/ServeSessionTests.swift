import Foundation
import TestSupport
import Testing

/// Sessions with `--serve`, over real sockets.
@Suite(.timeLimit(.minutes(5))) struct ServeSessionTests {
    /// The port and the token of the address that a session prints.
    private func address(_ scratch: Scratch) throws -> (port: Int, token: String) {
        var found: (Int, String)?
        try waitUntil("the address is printed") {
            let match = try scratch.text("errors").firstMatch(
                of: /serving at http:\/\/127\.0\.0\.1:(\d+)\/\?token=([\w-]+)\n/)
            found = match.flatMap { match in Int(match.1).map { ($0, String(match.2)) } }
            return found != nil
        }
        return try #require(found)
    }

    @Test func aClientReadsTheRowsThatAreLoggedUntilTheEnd() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 7), to: scratch.path("a.wav"))
        let run = try launch(
            ["replay", "--realtime", "--json", "-q", "-o", "a.csv", "--serve", "0", "a.wav"], scratch: scratch)
        let (port, token) = try address(scratch)
        let client = try LoopbackClient(port: port)
        client.get("/events?last=100", port: port, ["Authorization": "Bearer \(token)"])
        let answer = try client.read()
        let status = run.waitForExit()
        let errors = try scratch.text("errors")
        #expect(status == 0, "\(errors)")
        let events = serverSentEvents(answer)
        let rows = events.filter { $0["event"] == "row" }.compactMap { $0["data"] }
        let lines = try scratch.text("output").split(separator: "\n").map(String.init)
        #expect(rows.count == 7 && rows == lines)
        #expect(
            events.first?["data"]?.contains("\"hop_s\":0.5,\"paced\":true") == true && events.last?["event"] == "end")
        for file in ["a.csv", "a.json", "output"] { #expect(try !scratch.text(file).contains(token), "\(file)") }
    }

    @Test func aTokenOfTheEnvironmentIsUsedAndNotPrinted() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 6), to: scratch.path("a.wav"))
        let token = "a-token_of-the-test-1"
        let environment = ProcessInfo.processInfo.environment.merging(["EMOSCOPE_SERVE_TOKEN": token]) { $1 }
        let run = try launch(
            ["replay", "--realtime", "-q", "--serve", "0", "a.wav"], scratch: scratch, environment: environment)
        var port = 0
        try waitUntil("the address is printed") {
            port = try scratch.text("errors").firstMatch(of: /127\.0\.0\.1:(\d+)\/, with/).flatMap { Int($0.1) } ?? 0
            return port > 0
        }
        #expect(try LoopbackClient.get("/metrics?token=\(token)", port: port).contains("emoscope_source_connected 1\n"))
        #expect(run.waitForExit() == 0)
        #expect(try !scratch.text("errors").contains(token) && !scratch.text("output").contains(token))
        let bad = try emoscope(
            "replay", "--serve", "0", conversation,
            environment: environment.merging(["EMOSCOPE_SERVE_TOKEN": "short"]) { $1 })
        #expect(bad.status == 2 && bad.errors.contains("EMOSCOPE_SERVE_TOKEN does not work: it must have 16 to 128"))
    }

    /// The connections of a flood neither stop nor delay the session.
    @Test func aFloodOfConnectionsLeavesTheSessionAlone() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 9), to: scratch.path("a.wav"))
        let run = try launch(["replay", "--realtime", "-q", "-o", "a.csv", "--serve", "0", "a.wav"], scratch: scratch)
        let (port, _) = try address(scratch)
        var idle: [LoopbackClient] = []
        for number in 0..<300 {
            guard let client = try? LoopbackClient(port: port, patience: 5) else { break }
            client.send(
                number % 2 == 0 ? "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 20_000) : "\u{0}\r\n\r\n")
            idle.append(client)
        }
        #expect(idle.count > 100)
        let status = run.waitForExit()
        let errors = try scratch.text("errors")
        #expect(status == 0, "\(errors)")
        let log = Log(try scratch.text("a.csv"))
        #expect(log.column("end_s") == stride(from: 3.0, through: 8.0, by: 0.5).map { String(format: "%.3f", $0) })
        #expect(!log.column("status").contains("dropped") && !log.column("status").contains("overrun"))
    }

    @Test func thePortIsOptionalAndAWrongOneIsAnError() throws {
        let scratch = try Scratch()
        try writeWAV(try excerpt(conversation, from: 1, to: 5), to: scratch.path("a.wav"))
        // The name of a recording is no port; where the default port is taken, that is said.
        let plain = try emoscope("replay", "--fast", "-q", "--serve", "a.wav", in: scratch.url)
        #expect(plain.errors.contains("127.0.0.1:24700/") || plain.errors.contains("cannot serve on port 24700"))
        let wrong = try emoscope("replay", "--serve", "70000", "a.wav", in: scratch.url)
        #expect(
            wrong.status == 2 && wrong.errors.contains("--serve 70000 does not work: choose a port from 1024 to 65535"))

        let first = try launch(["replay", "--realtime", "-q", "--serve", "0", "a.wav"], scratch: scratch)
        let (port, _) = try address(scratch)
        let second = try emoscope("replay", "--fast", "-o", "b.csv", "--serve", "\(port)", "a.wav", in: scratch.url)
        #expect(second.status == 1 && second.errors.contains("cannot serve on port \(port): another program uses it"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("b.csv")))
        #expect(first.waitForExit() == 0)
        #expect(try emoscope("replay", "--help").output.contains("--serve [<port>]"))
    }
}
