import Dispatch

/// Calls back on a queue at a steady pace, from `start()` to `cancel()`.
///
/// Sharing it is safe: the timer is only activated and cancelled, which Dispatch allows from any thread.
final class Ticker: @unchecked Sendable {
    private let timer: any DispatchSourceTimer

    init(queue: DispatchQueue, milliseconds: Int, handler: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler(handler: handler)
        timer.schedule(deadline: .now(), repeating: .milliseconds(milliseconds), leeway: .milliseconds(1))
    }

    deinit {
        timer.cancel()
    }

    func start() {
        timer.activate()
    }

    func cancel() {
        timer.cancel()
    }
}
