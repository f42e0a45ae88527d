/// The rules by which a request is let in.
struct Gate: Sendable {
    private let token: AccessToken
    /// The values of the field Host that a browser sends for this server. A page of another site whose name was made to lead
    /// here (DNS rebinding) sends that name.
    private let hosts: Set<String>

    init(port: Int, token: AccessToken) {
        self.token = token
        let names = ["127.0.0.1", "localhost"]
        hosts = Set(names.map { "\($0):\(port)" } + (port == 80 ? names : []))
    }

    /// Returns the refusal of a request; nil where it is let in.
    func refusal(of request: RequestHead) -> Response? {
        guard let host = request.host, hosts.contains(host) else {
            return .refusal("421 Misdirected Request", "This server answers to 127.0.0.1 and localhost only.")
        }
        guard let given = request.token, token.matches(given) else {
            return .refusal(
                "401 Unauthorized", "The token is missing or wrong: give it as ?token=… or as Authorization: Bearer ….",
                fields: [("WWW-Authenticate", "Bearer")])
        }
        guard request.method == "GET" else {
            return .refusal("405 Method Not Allowed", "Only GET is answered.", fields: [("Allow", "GET")])
        }
        return nil
    }
}
