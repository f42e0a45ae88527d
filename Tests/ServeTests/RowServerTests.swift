import EmotionCore
import EmotionStream
import Foundation
import TestSupport
import Testing

@testable import EmotionServe

/// The server over real sockets.
@Suite(.timeLimit(.minutes(5))) struct RowServerTests {
    private let server: RowServer
    private let token = AccessToken()
    private var port: Int { server.port }

    init() throws {
        // As in the program: a client that is gone is an error of a write, no signal.
        signal(SIGPIPE, SIG_IGN)
        server = try RowServer(
            port: 0, token: token, description: "{\"started\":\"now\"}", version: "1", format: RowFormat(), channels: 1)
        server.start()
    }

    private func get(_ path: String, _ fields: [String: String] = [:]) throws -> String {
        try LoopbackClient.get("\(path)?token=\(token.text)", port: port, fields)
    }

    private func status(_ answer: String) -> Int { Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    private func finish() {
        server.finish { usleep(UInt32($0) * 1000) }
    }

    /// A client of the events, whose stream has begun.
    private func reader(_ more: String = "", _ fields: [String: String] = [:]) throws -> LoopbackClient {
        let client = try LoopbackClient(port: port)
        client.get("/events?token=\(token.text)\(more)", port: port, fields)
        _ = try client.read(until: "event: session")
        return client
    }

    @Test func everyPathNeedsTheTokenAndTheRightHost() throws {
        for path in ["/", "/events", "/metrics", "/favicon.ico", "/../x"] {
            #expect(try status(LoopbackClient.get(path, port: port)) == 401, "\(path)")
            #expect(try status(LoopbackClient.get("\(path)?token=", port: port)) == 401)
            #expect(try status(LoopbackClient.get("\(path)?token=\(token.text)x", port: port)) == 401)
            #expect(try status(get(path, ["Host": "evil.example:\(port)"])) == 421)
            #expect(try status(get(path, ["Host": "127.0.0.1"])) == 421, "another port")
        }
        #expect(try status(get("/")) == 200 && status(get("/metrics", ["Host": "LOCALHOST:\(port)"])) == 200)
        #expect(try status(get("/x")) == 404)
        let bearer = try LoopbackClient.get("/metrics", port: port, ["Authorization": "Bearer \(token.text)"])
        #expect(status(bearer) == 200)
        let client = try LoopbackClient(port: port)
        client.send(
            "POST /?token=\(token.text) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 9\r\n\r\n123456789")
        #expect(try status(client.read()) == 405)
    }

    @Test func noAnswerLeavesTheMachine() throws {
        let page = try get("/")
        for field in [
            "Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff",
            "Content-Security-Policy: default-src 'none';", "Connection: close",
        ] { #expect(page.contains("\r\n\(field)"), "\(field)") }
        #expect(!page.lowercased().contains("access-control") && !page.contains(token.text))
        #expect(
            !page.contains("http://") || page.components(separatedBy: "http://").count == 2,
            "the namespace of SVG alone")
        let nonces = try (0..<2).map { _ in try get("/").firstMatch(of: /script nonce="([^"]+)"/).map { $0.1 } }
        #expect(nonces[0] != nil && nonces[0] != nonces[1])
    }

    @Test func rowsAreThoseOfJSONLinesAndTheSessionEnds() throws {
        let client = try reader("&last=99")
        let rows = (0..<200).map { madeUpRow($0, $0 % 3 == 0 ? .silence : .ok) }
        rows.forEach(server.write)
        finish()
        let events = try serverSentEvents(client.read())
        #expect(events.first?["data"] == "{\"started\":\"now\"}")
        #expect(events.last?["event"] == "end")
        #expect(events.filter { $0["event"] == "row" }.map { $0["data"]! + "\n" } == rows.map(RowFormat().json))
        #expect(throws: LoopbackClient.Failure.self) { try LoopbackClient(port: port, patience: 1).read(until: "x") }
    }

    @Test func aClientThatComesBackMissesNothing() throws {
        let client = try reader()
        (0..<10).forEach { server.write(madeUpRow($0)) }
        let seen = try serverSentEvents(client.read(until: "\"seq\":4,")).filter { $0["event"] == "row" }
        let fourth = try #require(seen.first { $0["data"]?.hasPrefix("{\"seq\":4,") ?? false }?["id"])
        let again = try reader("", ["Last-Event-ID": fourth])
        let fresh = try reader("&last=2", ["Last-Event-ID": "another-4"])
        server.write(madeUpRow(10))
        finish()
        let numbers = try [again, fresh].map { client in
            try serverSentEvents(client.read()).filter { $0["event"] == "row" }
                .compactMap { $0["data"]?.firstMatch(of: /"seq":(\d+)/).flatMap { Int($0.1) } }
        }
        #expect(numbers == [Array(5...10), Array(8...10)])
    }

    @Test func aSlowReaderIsDroppedAndTheOthersGetAll() throws {
        let slow = try LoopbackClient(port: port, receiveBuffer: 4096)
        slow.get("/events?token=\(token.text)", port: port)
        _ = try slow.read(until: "event: session")
        let quick = try reader()
        let start = Date()
        for number in 0..<3000 { server.write(madeUpRow(number)) }
        #expect(Date().timeIntervalSince(start) < 20, "the session does not wait for a client that never reads")
        _ = try quick.read(until: "\"seq\":2999,")
        while try !get("/metrics").contains("emoscope_serve_slow_clients_total 1\n") {
            try #require(Date().timeIntervalSince(start) < 30)
            usleep(200_000)
        }
        #expect(try get("/metrics").contains("emoscope_serve_clients 1\n"))
        server.write(madeUpRow(3000))
        #expect(try quick.read(until: "\"seq\":3000,").contains("event: row"))
    }

    @Test func hostileRequestsAreRefusedAndOthersAnswered() throws {
        let long = try LoopbackClient(port: port)
        long.send("GET / HTTP/1.1\r\nX: ")
        var sent = 0
        while sent < 64 << 20, long.send([UInt8](repeating: 0x61, count: 65_536)) { sent += 65_536 }
        #expect(sent < 16 << 20, "the server reads \(sent) bytes of an endless header")
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let garbage = try LoopbackClient(port: port)
            garbage.send((0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) } + Array("\r\n\r\n".utf8))
            #expect(try status(garbage.read()) == 400)
        }
        #expect(try status(get("/")) == 200 && server.failure == nil)
    }

    @Test func silentAndManyConnectionsDoNotStopTheServer() throws {
        let streams = try (0..<Connection.mostStreams).map { _ in try reader() }
        #expect(try status(get("/events")) == 503)
        let silent = try (0..<200).map { _ in try LoopbackClient(port: port) }
        let half = silent[0]
        half.send("GET / HT")
        #expect(try half.read() == "", "a request that is not complete in time ends the connection")
        #expect(try status(get("/")) == 200)
        server.write(madeUpRow(0))
        for stream in streams { #expect(try stream.read(until: "\"seq\":0,").contains("event: row")) }
        #expect(server.failure == nil)
    }

    @Test func aClientThatIsGoneMakesRoomForAnother() throws {
        do { _ = try (0..<Connection.mostStreams).map { _ in try reader() } }
        let start = Date()
        while try !get("/metrics").contains("emoscope_serve_clients 0\n") {
            try #require(Date().timeIntervalSince(start) < 30)
            server.write(madeUpRow(0))
            usleep(100_000)
        }
    }

    @Test func aPortThatIsTakenIsAnErrorWithAdvice() throws {
        let error = #expect(throws: ServeError.self) {
            try RowServer(port: port, token: token, description: "{}", version: "1", format: RowFormat(), channels: 1)
        }
        #expect(error?.description.contains("cannot serve on port \(port): another program uses it") == true)
        #expect(error?.description.contains("--serve 0 for any free one") == true)
    }

    @Test(arguments: [
        "", "short", "0123456789abcde", "with spaces in it 123", "0123456789abcdef\n", "0123456789abcdefü",
    ])
    func aTokenMustFitAURL(text: String) {
        #expect(AccessToken(text) == nil)
    }

    @Test func tokensAreCompared() throws {
        let token = try #require(AccessToken("0123456789abcdef"))
        #expect(token.matches("0123456789abcdef") && !token.matches("0123456789abcdeF") && !token.matches(""))
        #expect(Set((0..<100).map { _ in AccessToken().text }).count == 100 && AccessToken(AccessToken().text) != nil)
    }
}
