import Dispatch
import EmotionCore

/// A timer that calls a handler on a queue at a fixed interval, from `start()` to `cancel()`.
package final class Ticker: Sendable {
    private let timer: Locked<any DispatchSourceTimer>

    package init(queue: DispatchQueue, milliseconds: Int, handler: @escaping @Sendable () -> Void) {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler(handler: handler)
        timer.schedule(deadline: .now(), repeating: .milliseconds(milliseconds), leeway: .milliseconds(1))
        self.timer = Locked(timer)
    }

    deinit {
        cancel()
    }

    package func start() {
        timer.withLock { $0.activate() }
    }

    package func cancel() {
        timer.withLock { $0.cancel() }
    }
}
