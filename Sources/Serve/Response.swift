/// An answer to a request, with the header fields that keep it on this machine.
struct Response {
    let status: String
    var fields: [(name: String, value: String)]
    let body: [UInt8]

    init(_ status: String, type: String, _ body: [UInt8], fields: [(name: String, value: String)] = []) {
        self.status = status
        self.fields = [("Content-Type", type)] + fields
        self.body = body
    }

    /// A refusal, with the reason as text.
    static func refusal(
        _ status: String, _ reason: String, fields: [(name: String, value: String)] = []
    ) -> Response {
        Response(status, type: "text/plain; charset=utf-8", Array("\(reason)\n".utf8), fields: fields)
    }

    /// The head and the body of an answer whose length is known.
    var bytes: [UInt8] { Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body }

    /// The head of an answer that goes on until the connection is closed.
    var streamHead: [UInt8] { Array((head + "\r\n").utf8) }

    /// A connection answers one request. The answer is for nobody but who asked: no cache keeps it, no other page reads or
    /// frames it, and a link on it does not tell the address, which holds the token.
    private var head: String {
        let common = [
            ("Connection", "close"), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        return "HTTP/1.1 \(status)\r\n" + (fields + common).map { "\($0.0): \($0.1)\r\n" }.joined()
    }
}
