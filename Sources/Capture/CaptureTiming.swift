/// Slows down a device that delivers sound faster than time passes, as ALSA's `null` and file devices do: at real-time
/// priority the capture thread would otherwise occupy a whole processor.
///
/// A token bucket over sound: it fills at 1.25 times the speed of time, faster than the clock of any real device, and
/// holds two seconds, which is as much as sound servers deliver at once.
struct DeliveryThrottle {
    /// The most sound, in nanoseconds, that a device may deliver ahead of the clock.
    static let capacity = 2_000_000_000

    private var credit = DeliveryThrottle.capacity
    private var lastTime: Int

    /// - Parameter time: Now, in nanoseconds of the monotonic clock.
    init(at time: Int) {
        lastTime = time
    }

    /// Accounts for sound that was read.
    ///
    /// - Parameters:
    ///   - nanoseconds: The length of the sound.
    ///   - time: Now, in nanoseconds of the monotonic clock.
    /// - Returns: The time until which to wait before the next read; nil when there is no need to.
    mutating func deadline(afterReading nanoseconds: Int, at time: Int) -> Int? {
        credit = min(Self.capacity, credit + (time - lastTime) / 4 * 5) - nanoseconds
        lastTime = time
        return credit < 0 ? time - credit : nil
    }
}

/// Detects a device that delivers nothing although the capture thread runs.
///
/// Only the time in which the thread ran counts: when it stood still, as in a virtual machine that is paused, the
/// device may have stood still too.
struct StallDetector {
    /// The most time, in nanoseconds, that one turn of the loop counts for; a turn takes 100 ms at most when nothing
    /// stops it.
    static let longestTurn = 200_000_000

    private let limit: Int
    private var silence = 0
    private var lastTime = 0

    /// - Parameter seconds: The time without sound after which a device has stalled.
    init(seconds: Double) {
        limit = Int(seconds * 1e9)
    }

    /// Begins anew when the device is (re)started.
    mutating func reset(at time: Int) {
        (silence, lastTime) = (0, time)
    }

    /// Notes a turn of the loop that read sound or did not.
    ///
    /// - Returns: Whether the device has stalled.
    mutating func hasStalled(hasSound: Bool, at time: Int) -> Bool {
        silence = hasSound ? 0 : silence + min(time - lastTime, Self.longestTurn)
        lastTime = time
        return silence > limit
    }
}

/// Measures by how much a device has delivered more sound than the monotonic clock counted.
///
/// Delays in reading make single measurements too small, never too great, so the greatest of each second is taken.
struct LeadMeter {
    private static let second = 1_000_000_000

    private let rate: Int
    private var startTime = 0
    private var frames = 0
    private var greatest = Int.min
    private var nextTime = 0

    /// - Parameter rate: The rate of the device, in Hz.
    init(rate: Int) {
        self.rate = rate
    }

    /// Begins anew when the device is (re)started.
    mutating func restart(at time: Int) {
        (startTime, frames, greatest, nextTime) = (time, 0, .min, time + Self.second)
    }

    /// Counts frames that were read.
    mutating func add(frames: Int) {
        self.frames += frames
    }

    /// Takes a measurement.
    ///
    /// - Parameters:
    ///   - available: The frames that the device holds beyond those read.
    ///   - time: When that was, in nanoseconds of the monotonic clock.
    /// - Returns: The lead in nanoseconds, once a second; else nil.
    mutating func lead(available: Int, at time: Int) -> Int? {
        greatest = max(greatest, (frames + available) * Self.second / rate - (time - startTime))
        guard time >= nextTime else { return nil }
        defer { (greatest, nextTime) = (.min, time + Self.second) }
        return greatest
    }
}
