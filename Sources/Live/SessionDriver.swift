import Dispatch
import EmotionCapture
import EmotionCore
import EmotionStream

/// Drives a live session on a queue of its own, from `start()` until its source ends or `finish()` is called.
final class SessionDriver: Sendable {
    /// Milliseconds between two checks.
    private static let pace = 50

    private let queue = DispatchQueue(label: "emoscope.live", qos: .userInitiated)
    /// Used on the queue only, once started, so that the lock is never contended; nil once the session has ended.
    private let live: Locked<LiveSession?>
    private let rows: AsyncThrowingStream<Row, any Error>.Continuation
    private let onEvent: (@Sendable (String) -> Void)?
    private let ticker = Locked<Ticker?>(nil)
    private let report = Locked<[AccountingReport]?>(nil)

    init(
        _ live: sending LiveSession, _ rows: AsyncThrowingStream<Row, any Error>.Continuation,
        onEvent: (@Sendable (String) -> Void)?
    ) {
        self.live = Locked(live)
        self.rows = rows
        self.onEvent = onEvent
    }

    /// The sample accounting of each channel; nil until the session has ended.
    var accounting: [AccountingReport]? { report.withLock { $0 } }

    func start() {
        rows.onTermination = { [weak self] termination in
            if case .cancelled = termination { self?.cancel() }
        }
        live.withLock { $0?.start() }
        let ticker = Ticker(queue: queue, milliseconds: Self.pace) { [weak self] in self?.look() }
        self.ticker.withLock { $0 = ticker }
        ticker.start()
    }

    /// Ends the session in order, after the samples that the source delivered are read. Returns at once.
    func finish() {
        queue.async { [self] in end() }
    }

    /// Ends the session because its rows are no longer read.
    func cancel() {
        finish()
    }

    private func look() {
        live.withLock { live in
            guard let session = live else { return }
            do {
                tell(try session.look())
                if let failure = session.session.snapshot.failure { throw failure }
                if session.isOver { return end(&live) }
                guard session.sourceHasEnded else { return }
                tell(session.settle(wait))
                if !session.advance() { end(&live) }
            } catch {
                end(&live, error)
            }
        }
    }

    private func end() {
        live.withLock { end(&$0) }
    }

    private func end(_ live: inout LiveSession?, _ trouble: (any Error)? = nil) {
        guard let session = live else { return }
        ticker.withLock { $0?.cancel() }
        session.stopSource()
        tell(session.finish(wait))
        let accounting = session.accounting
        report.withLock { $0 = accounting }
        let failure = trouble ?? session.outage ?? session.fileFailures.last
        rows.finish(throwing: failure.map { LiveError(source: $0) ?? $0 })
        live = nil
    }

    private func tell(_ events: [String]) {
        guard let onEvent else { return }
        events.forEach(onEvent)
    }

    private func wait() {
        Clock.sleep(milliseconds: 5)
    }
}

/// A sink that passes rows to the asynchronous sequence of a session.
final class RowStream: RowSink {
    private let continuation: AsyncThrowingStream<Row, any Error>.Continuation

    init(_ continuation: AsyncThrowingStream<Row, any Error>.Continuation) {
        self.continuation = continuation
    }

    func write(_ row: Row) {
        continuation.yield(row)
    }
}
