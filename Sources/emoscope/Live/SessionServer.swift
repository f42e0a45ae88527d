import EmotionCore
import EmotionLive
import EmotionServe
import EmotionStream

/// The server of a session, where its options ask for one.
struct SessionServer {
    /// The description of the session that each stream of events begins with.
    private struct Description: Encodable {
        let version: String
        let started: String
        let windowS: Double
        let hopS: Double
        /// Whether rows come at the pace of time.
        let paced: Bool
    }

    /// The sink to which the session writes.
    let rows: RowServer
    private let isTokenGiven: Bool
    private var hasFailed = false

    /// Starts to listen.
    ///
    /// - Returns: nil where the plan asks for no server.
    init?(_ plan: SessionPlan) throws {
        guard let port = plan.options.serving.port else { return nil }
        let token = try ServeOptions.givenToken()
        isTokenGiven = token != nil
        let description = Description(
            version: Version.number, started: WallTime.now.iso8601, windowS: SessionSettings.window,
            hopS: plan.options.listening.hop, paced: plan.isPaced)
        rows = try RowServer(
            port: port, token: token ?? AccessToken(), description: JSONText.line(description), version: Version.number,
            format: plan.format, channels: plan.mode.count)
    }

    /// Where the session can be seen. A token that the user has given is not repeated.
    var announcement: String {
        isTokenGiven
            ? "serving at \(rows.address), with the token of \(ServeOptions.tokenVariable)"
            : "serving at \(rows.addressWithToken)"
    }

    /// Takes over the state of the session, for the metrics.
    func update(_ state: SessionState) {
        var gauges = SessionGauges()
        gauges.streamTime = state.session.streamTime
        gauges.waiting = state.waiting
        gauges.overruns = state.overruns
        gauges.isConnected = state.source.mode != .away
        rows.update(gauges)
    }

    /// A message about a server that has stopped, once.
    mutating func news() -> String? {
        guard !hasFailed, let failure = rows.failure else { return nil }
        hasFailed = true
        return "the server has stopped, and the session goes on without it: \(failure)"
    }
}
