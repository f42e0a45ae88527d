import EmotionCore
import EmotionStream

/// Clocks that stand still until a test moves them, so that tests of timeouts do not wait.
public final class ManualClock: Sendable {
    private struct Time {
        var awake = 0
        /// Nanoseconds by which the wall clock was set.
        var wallShift = 0
    }

    private let time = Locked(Time())

    public init() {}

    /// Nanoseconds of the monotonic clock.
    public var now: Int { time.withLock { $0.awake } }

    /// Advances the clocks.
    public func advance(milliseconds: Int) {
        time.withLock { $0.awake += milliseconds * 1_000_000 }
    }

    /// Sets the wall clock ahead, or back if negative.
    public func setWall(seconds: Int) {
        time.withLock { $0.wallShift += seconds * 1_000_000_000 }
    }

    /// The clock for a session; sleeping by it advances the time at once.
    package var clock: SessionClock {
        SessionClock(
            now: { self.now },
            sleep: { self.advance(milliseconds: $0) },
            read: {
                self.time.withLock { time in
                    .init(
                        wall: WallTime(nanoseconds: 1_800_000_000_000_000_000 + time.awake + time.wallShift),
                        awake: time.awake, up: time.awake)
                }
            })
    }
}
