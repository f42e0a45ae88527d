import EmotionCore

/// The page that shows the session: one document without any other file.
enum Page {
    /// The page as an answer. Only its own style and script run, which a number used once marks; it loads nothing, and
    /// connects to nothing but this server.
    static var response: Response {
        let nonce = AccessToken().text
        let policy =
            "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; connect-src 'self'; img-src data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return Response(
            "200 OK", type: "text/html; charset=utf-8", document(nonce),
            fields: [("Content-Security-Policy", policy)])
    }

    /// The colours of the dashboard, on a dark ground.
    private static let colours: String = {
        let named = [("alarm", ThemeColor.alarm)] + Emotion.allCases.map { ($0.rawValue, .emotion($0)) }
        return ":root { " + named.map { "--\($0): \($1.css(isLight: false)); " }.joined() + "}\n"
    }()

    private static func document(_ nonce: String) -> [UInt8] {
        let style = "<style nonce=\"\(nonce)\">\n\(colours)\(text(PackageResources.page_css))</style>\n"
        let script = "<script nonce=\"\(nonce)\">\n\(text(PackageResources.page_js))</script>\n"
        let parts = text(PackageResources.page_html).split(separator: "</head>", maxSplits: 1)
        let (head, body) = (parts[0], parts[1].split(separator: "</body>", maxSplits: 1))
        return Array("\(head)\(style)</head>\(body[0])\(script)</body>\(body[1])".utf8)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
