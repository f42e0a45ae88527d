/// A throttle for devices that deliver sound faster than real time, as ALSA's `null` and file devices do. Without it,
/// the capture thread would occupy a whole processor at real-time priority.
///
/// It is a token bucket of sound: it fills at 1.25 times real time, faster than the clock of any real device, and holds
/// two seconds, which is as much as sound servers deliver at once.
struct DeliveryThrottle {
    /// The most sound, in nanoseconds, that a device may deliver ahead of the clock.
    static let capacity = 2_000_000_000

    private var credit = DeliveryThrottle.capacity
    private var lastTime: Int

    /// - Parameter time: Now, in nanoseconds of the monotonic clock.
    init(at time: Int) {
        lastTime = time
    }

    /// Takes the length of sound that was read out of the bucket.
    ///
    /// - Parameters:
    ///   - nanoseconds: The length of the sound.
    ///   - time: Now, in nanoseconds of the monotonic clock.
    /// - Returns: The time until which to wait before the next read; nil where no wait is needed.
    mutating func deadline(afterReading nanoseconds: Int, at time: Int) -> Int? {
        credit = min(Self.capacity, credit + (time - lastTime) / 4 * 5) - nanoseconds
        lastTime = time
        return credit < 0 ? time - credit : nil
    }
}

/// Detects a device that delivers nothing although the capture thread runs.
///
/// Only the time in which the thread ran counts: when the whole machine stood still, as a paused virtual machine does,
/// the device may have stood still too.
struct StallDetector {
    /// The most time, in nanoseconds, that one iteration of the loop counts for. An iteration takes at most 100 ms
    /// unless the thread is stopped.
    static let longestTurn = 200_000_000

    private let limit: Int
    private var silence = 0
    private var lastTime = 0

    /// - Parameter seconds: The time without sound after which a device has stalled.
    init(seconds: Double) {
        limit = Int(seconds * 1e9)
    }

    /// Starts again when the device is (re)started.
    mutating func reset(at time: Int) {
        (silence, lastTime) = (0, time)
    }

    /// Adds an iteration of the loop, which read sound or did not.
    ///
    /// - Returns: Whether the device has stalled.
    mutating func hasStalled(hasSound: Bool, at time: Int) -> Bool {
        silence = hasSound ? 0 : silence + min(time - lastTime, Self.longestTurn)
        lastTime = time
        return silence > limit
    }
}

/// A meter of how much more sound a device has delivered than the monotonic clock counted.
///
/// Delays in reading make a measurement too small, never too great, so the greatest of each second is taken.
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

    /// Starts again when the device is (re)started.
    mutating func restart(at time: Int) {
        (startTime, frames, greatest, nextTime) = (time, 0, .min, time + Self.second)
    }

    /// Counts frames that were read.
    mutating func add(frames: Int) {
        self.frames += frames
    }

    /// Measures the lead.
    ///
    /// - Parameters:
    ///   - available: The frames that the device holds beyond those read.
    ///   - time: Time of the measurement, in nanoseconds of the monotonic clock.
    /// - Returns: The lead in nanoseconds, once a second; else nil.
    mutating func lead(available: Int, at time: Int) -> Int? {
        greatest = max(greatest, (frames + available) * Self.second / rate - (time - startTime))
        guard time >= nextTime else { return nil }
        defer { (greatest, nextTime) = (.min, time + Self.second) }
        return greatest
    }
}
