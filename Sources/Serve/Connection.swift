import EmotionCore
import FlyingSocks
import Glibc

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A connection of a client, from its request to the end of the answer.
struct Connection: Sendable {
    /// Seconds within which a request must be complete, and within which a client must take what is written to it.
    static let patience = 5.0
    /// Seconds for which the rest of a request is read and forgotten after the answer, so that the answer arrives; and the
    /// most bytes of it.
    private static let linger = (seconds: 1.0, bytes: 262_144)
    /// Clients that may read events at a time.
    static let mostStreams = 16

    let socket: AsyncSocket
    let gate: Gate
    let content: SessionContent

    /// Answers the request and closes the connection.
    func serve() async {
        defer { try? socket.close() }
        var isOpen = true
        func release() {
            if isOpen { content.counts.withLock { $0.open -= 1 } }
            isOpen = false
        }
        defer { release() }
        do {
            let request = try await withDeadline(seconds: Self.patience) { try await readHead() }
            guard let request else { return try await answer(.refusal("400 Bad Request", "This is no request.")) }
            if let refusal = gate.refusal(of: request) { return try await answer(refusal) }
            switch request.path {
            case "/": try await answer(Page.response)
            case "/metrics":
                try await answer(
                    Response("200 OK", type: PrometheusText.contentType, Array(content.metricsText.utf8)))
            case "/events":
                guard content.counts.withLock({ $0.enter() }) else {
                    return try await answer(
                        .refusal("503 Service Unavailable", "\(Self.mostStreams) clients read events already."))
                }
                defer { content.counts.withLock { $0.streams -= 1 } }
                release()
                try await stream(request)
            default:
                try await answer(.refusal("404 Not Found", "There are /, /events and /metrics."))
            }
        } catch {
            // The client is gone, or too slow to be one.
        }
    }

    /// Reads the head of the request.
    ///
    /// - Returns: nil where it is too long or not well formed.
    private func readHead() async throws -> RequestHead? {
        var bytes: [UInt8] = []
        while bytes.count < RequestHead.limit {
            let known = max(0, bytes.count - RequestHead.end.count + 1)
            bytes += try await socket.read(atMost: RequestHead.limit - bytes.count)
            if let end = bytes[known...].firstRange(of: RequestHead.end) {
                return RequestHead(bytes[..<end.lowerBound])
            }
        }
        return nil
    }

    private func answer(_ response: Response) async throws {
        if !response.status.hasPrefix("200") { content.counts.withLock { $0.refused += 1 } }
        try await write(response.bytes)
        // Closing while there is something to read would reset the connection, and the answer could be lost.
        shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
        try? await withDeadline(seconds: Self.linger.seconds) {
            var count = 0
            while count < Self.linger.bytes { count += try await socket.read(atMost: 4096).count }
        }
    }

    private func write(_ bytes: [UInt8]) async throws {
        try await withDeadline(seconds: Self.patience) { try await socket.write(Data(bytes)) }
    }

    /// Sends the events, until the session ends or the client is gone.
    private func stream(_ request: RequestHead) async throws {
        let events = content.events
        let last = request.query["last"].flatMap { Int($0) } ?? 0
        var (next, missed) = events.start(after: request.lastEventID, last: last)
        try await send(Response("200 OK", type: "text/event-stream; charset=utf-8", []).streamHead)
        try await send(Array("retry: 2000\n".utf8) + Self.event("session", content.description))
        if missed > 0 { try await send(Self.event("missed", "{\"rows\":\(missed)}")) }
        var isFirst = true
        for await _ in events.bell() {
            var isNew = false
            reading: while true {
                switch events.read(from: next) {
                case .events(let bytes, let following):
                    try await send(bytes)
                    (next, isNew) = (following, true)
                case .nothing: break reading
                case .end: return try await send(Self.event("end", "{}"))
                case .tooLate: return drop()
                }
            }
            // A comment shows whether the client is still there.
            if !isNew, !isFirst { try await send(Array(":\n\n".utf8)) }
            isFirst = false
        }
    }

    /// Writes to a client that reads events; one that does not take them is dropped.
    private func send(_ bytes: [UInt8]) async throws {
        do {
            try await write(bytes)
        } catch let error as Overdue {
            drop()
            throw error
        }
    }

    private func drop() {
        content.counts.withLock { $0.slow += 1 }
    }

    private static func event(_ name: String, _ data: String) -> [UInt8] {
        Array("event: \(name)\ndata: \(data)\n\n".utf8)
    }
}
