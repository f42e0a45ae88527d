import EmotionCore
import EmotionStream
import FlyingSocks
import Glibc

/// A web server on the loopback interface that gives the rows of a session to programs of this machine: a page at `/`,
/// server-sent events at `/events`, and Prometheus' text at `/metrics`.
///
/// A row is added to a bounded backlog, from which each client reads on a task of its own: the session never waits for
/// a client. Every request must hold the token, and name this machine as its host.
package final class RowServer: RowSink {
    /// Connections that may wait for their answer at a time.
    static let mostOpen = 32
    /// Seconds between two signs of life to the clients.
    private static let pulse = 5.0
    /// Milliseconds that clients have to read the last rows when the session ends.
    private static let farewell = 2000
    /// Bytes that the kernel keeps for a client that does not read.
    private static let sendBuffer: Int32 = 65_536

    /// The port, also where any free one was asked for.
    package let port: Int
    private let token: AccessToken
    private let content: SessionContent
    private let listener: Socket
    private let task = Locked<Task<Void, Never>?>(nil)
    private let trouble = Locked<String?>(nil)

    /// Starts to listen. Requests are answered once `start()` is called.
    ///
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - description: The session as a JSON object on a line, with which each stream of events begins.
    ///   - version: The version of the program.
    ///   - channels: Number of channels with rows of their own.
    /// - Throws: ``ServeError`` where the port cannot be used.
    package init(
        port: Int, token: AccessToken, description: String, version: String, format: RowFormat, channels: Int
    ) throws(ServeError) {
        self.token = token
        content = SessionContent(description: description, version: version, format: format, channels: channels)
        do {
            (listener, self.port) = try Self.listen(port)
        } catch {
            throw ServeError(port: port, error)
        }
    }

    deinit {
        // The task closes the port, if it has begun.
        let started = task.withLock { $0 }
        if let started { started.cancel() } else { try? listener.close() }
    }

    private static func listen(_ port: Int) throws -> (Socket, port: Int) {
        let socket = try Socket(domain: AF_INET, type: .stream)
        do {
            // Without it, the port of a session that has just ended could not be used for a minute.
            try socket.setValue(true, for: .localAddressReuse)
            try socket.bind(to: .inet(ip4: "127.0.0.1", port: UInt16(port)))
            try socket.listen(maxPendingConnection: Int32(mostOpen))
            closeOnExec(socket)
            guard case .ip4(_, let port) = try socket.sockname() else { throw SocketError.unsupportedAddress }
            return (socket, Int(port))
        } catch {
            try? socket.close()
            throw error
        }
    }

    /// Keeps a socket from programs that this one starts.
    private static func closeOnExec(_ socket: Socket) {
        _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC)
    }

    /// The address of the page, without the token.
    package var address: String { "http://127.0.0.1:\(port)/" }

    /// The address of the page, with the token.
    package var addressWithToken: String { "\(address)?token=\(token.text)" }

    /// Why the server has stopped; nil while it runs.
    package var failure: String? { trouble.withLock { $0 } }

    package func write(_ row: Row) {
        content.add(row)
    }

    /// Takes over the state of the session, for the metrics.
    package func update(_ gauges: SessionGauges) {
        content.update(gauges)
    }

    /// Begins to answer requests, until `finish()`.
    package func start() {
        let (listener, content, trouble) = (listener, content, trouble)
        let gate = Gate(port: port, token: token)
        let started = Task.detached(priority: .utility) {
            defer { try? listener.close() }
            do {
                let pool = SocketPool.make()
                try await pool.prepare()
                let socket = try AsyncSocket(socket: listener, pool: pool)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await pool.run() }
                    group.addTask { try await Self.accept(socket, gate, content) }
                    group.addTask { try await Self.keepAlive(content.events) }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            } catch  where !Task.isCancelled {
                trouble.withLock { $0 = printable(String(describing: error)) }
            } catch {}
        }
        task.withLock { $0 = started }
    }

    /// Ends the streams of events after the last row, and stops. Waits 2 s at most for clients that read slowly.
    ///
    /// - Parameter wait: Sleeps for some milliseconds; called repeatedly.
    package func finish(_ wait: (_ milliseconds: Int) -> Void) {
        content.events.end()
        for _ in 0..<(Self.farewell / 10) where content.counts.withLock({ $0.streams + $0.open }) > 0 { wait(10) }
        task.withLock { $0?.cancel() }
    }

    private static func accept(_ listener: AsyncSocket, _ gate: Gate, _ content: SessionContent) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let socket: AsyncSocket
                do {
                    socket = try await listener.accept()
                } catch let error as CancellationError {
                    throw error
                } catch {
                    // A client that is gone again, or no descriptor left: others may come.
                    try await Task.sleep(for: .milliseconds(100))
                    continue
                }
                let isWelcome = content.counts.withLock { counts in
                    guard counts.open < mostOpen else {
                        counts.refused += 1
                        return false
                    }
                    counts.open += 1
                    return true
                }
                guard isWelcome else {
                    try? socket.close()
                    continue
                }
                closeOnExec(socket.socket)
                try? socket.socket.setValue(sendBuffer, for: .sendBufferSize)
                group.addTask { await Connection(socket: socket, gate: gate, content: content).serve() }
            }
        }
    }

    /// Wakes the clients from time to time, so that those who are gone are noticed.
    private static func keepAlive(_ events: EventBacklog) async throws {
        while true {
            try await Task.sleep(for: .seconds(pulse))
            events.ring()
        }
    }
}
