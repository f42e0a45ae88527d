import Testing

@testable import EmotionServe

@Suite struct RequestHeadTests {
    private func head(_ text: String) -> RequestHead? { RequestHead(Array(text.utf8)) }

    @Test func whatABrowserSendsIsRead() throws {
        let head = try #require(
            self.head(
                "GET /events?token=abc&last=5 HTTP/1.1\r\nHost: LocalHost:80 \r\nLast-Event-ID:\tx-7\r\nAccept: */*"))
        #expect(head.method == "GET" && head.path == "/events" && head.query == ["token": "abc", "last": "5"])
        #expect(head.host == "localhost:80" && head.lastEventID == "x-7" && head.token == "abc")
    }

    @Test(arguments: [
        ("Bearer abc", "abc"), ("bearer  abc", "abc"), ("Basic abc", nil), ("Bearer", nil), ("Bearer a b", nil),
    ])
    func theTokenMayBeAHeaderField(value: String, token: String?) {
        #expect(head("GET / HTTP/1.1\r\nAuthorization: \(value)")?.token == token)
    }

    @Test(
        arguments: [
            "", "GET", "GET /", "GET / HTTP/2", "GET  / HTTP/1.1", "get / HTTP/1.1", "GET http://x/ HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET / HTTP/1.1\nHost: a", "GET / HTTP/1.1\r\n Host: a", "GET / HTTP/1.1\r\nHost : a",
            "GET / HTTP/1.1\r\n: a",
            "GET / HTTP/1.1\r\nHost", "GET / HTTP/1.1\r\nHost: a\r\nHost: b", "GET / HTTP/1.1\r\nX: a\rb",
            "GET /\u{0} HTTP/1.1", "GET /ü HTTP/1.1", "GET / HTTP/1.1\r\n\r\nX: y", "\r\nGET / HTTP/1.1",
        ])
    func whatIsNotWellFormedIsRefused(text: String) {
        #expect(head(text) == nil)
    }
}
