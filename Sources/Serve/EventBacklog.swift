import EmotionCore

/// The newest events of a session, from which every client reads at its own pace. A client has no buffer of its own: one
/// that falls behind the oldest event is dropped.
final class EventBacklog: Sendable {
    /// Events that are kept: half an hour of windows at a hop of 0.5 s, about 2 MB.
    static let capacity = 4096
    /// The most bytes that a client is given at once.
    static let batch = 65_536

    /// What a client reads next.
    enum Reading: Equatable {
        /// Events one after another, and the number of the event after them.
        case events([UInt8], next: Int)
        /// No event is new.
        case nothing
        /// The session has ended, and all its events are read.
        case end
        /// The next event is no longer kept.
        case tooLate
    }

    private struct State {
        /// The number of the oldest event.
        var first = 0
        var events: [[UInt8]] = []
        var hasEnded = false
        var bells: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextBell = 0

        var next: Int { first + events.count }
    }

    private let state = Locked(State())
    /// Distinguishes the events of this session from those of another one, in their ids.
    private let session: String

    init() {
        let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        session = String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Adds a row, encoded as JSON on a line, and wakes the clients. Never waits for a client.
    func append(json: String) {
        let bells = state.withLock { state in
            let text = "id: \(session)-\(state.next)\nevent: row\ndata: \(json)\n\n"
            state.events.append(Array(text.utf8))
            // Removes several at a time, so that an event costs amortised constant time.
            if state.events.count >= Self.capacity + Self.capacity / 4 {
                let surplus = state.events.count - Self.capacity
                state.events.removeFirst(surplus)
                state.first += surplus
            }
            return Array(state.bells.values)
        }
        bells.forEach { $0.yield() }
    }

    /// Ends the session: clients read what is kept, and then the end.
    func end() {
        state.withLock { $0.hasEnded = true }
        ring()
    }

    /// Wakes the clients.
    func ring() {
        state.withLock { Array($0.bells.values) }.forEach { $0.yield() }
    }

    /// A sequence that has an element whenever there may be a new event. It ends when the client's task is cancelled.
    func bell() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            defer { state.nextBell += 1 }
            state.bells[state.nextBell] = continuation
            return state.nextBell
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.bells.removeValue(forKey: number) }
        }
        continuation.yield()
        return stream
    }

    /// The event with which a client begins.
    ///
    /// - Parameters:
    ///   - id: The id of the last event that it has read; nil for none.
    ///   - last: How many events it wants that are older than now, if it has read none of this session.
    /// - Returns: The number of the event, and how many between the last one read and this one are no longer kept.
    func start(after id: String?, last: Int) -> (next: Int, missed: Int) {
        let known = id.flatMap(number)
        return state.withLock { state in
            guard let known, known < state.next else { return (state.next - min(max(last, 0), state.events.count), 0) }
            return (max(known + 1, state.first), max(0, state.first - known - 1))
        }
    }

    /// The number of an event of this session, by its id.
    private func number(_ id: String) -> Int? {
        guard id.hasPrefix(session + "-") else { return nil }
        return Int(id.dropFirst(session.count + 1)).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Reads from the event `number` on.
    func read(from number: Int) -> Reading {
        state.withLock { state in
            guard number >= state.first else { return .tooLate }
            guard number < state.next else { return state.hasEnded ? .end : .nothing }
            var (bytes, next) = ([UInt8](), number)
            while next < state.next, bytes.count < Self.batch {
                bytes += state.events[next - state.first]
                next += 1
            }
            return .events(bytes, next: next)
        }
    }
}
