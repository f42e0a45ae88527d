import EmotionCore
import Glibc

/// The clocks and the sleep function of a session. A test injects its own, and then never waits.
package struct SessionClock: Sendable {
    /// The clocks at one moment.
    package struct Reading: Equatable, Sendable {
        package var wall: WallTime
        /// Nanoseconds that the system has run, without the time it was suspended.
        package var awake: Int
        /// Nanoseconds that the system has run, with the time it was suspended.
        package var up: Int

        package init(wall: WallTime, awake: Int, up: Int) {
            self.wall = wall
            self.awake = awake
            self.up = up
        }
    }

    package let read: @Sendable () -> Reading
    /// Nanoseconds of the monotonic clock, which never goes back. The default is real-time safe.
    package let now: @Sendable () -> Int
    /// Sleeps for some milliseconds of the monotonic clock.
    package let sleep: @Sendable (_ milliseconds: Int) -> Void

    package init(
        now: @escaping @Sendable () -> Int = { Clock.now },
        sleep: @escaping @Sendable (_ milliseconds: Int) -> Void = { Clock.sleep(milliseconds: $0) },
        read: @escaping @Sendable () -> Reading
    ) {
        self.now = now
        self.sleep = sleep
        self.read = read
    }

    /// The system's clocks.
    package static let system = SessionClock {
        // A thread preempted between two of these calls would report a jump, so such a reading is taken again.
        var reading = Reading(wall: .now, awake: 0, up: 0)
        for _ in 0..<4 {
            let before = Clock.nanoseconds(CLOCK_BOOTTIME)
            reading = Reading(wall: .now, awake: Clock.now, up: before)
            if Clock.nanoseconds(CLOCK_BOOTTIME) - before < 1_000_000 { break }
        }
        return reading
    }
}

/// A detector of wall-clock changes and of system sleep. Pure.
struct ClockWatch {
    /// The smallest jump, in seconds, that is reported. Time daemons correct the clock in smaller steps.
    static let step = 0.1

    private var last: SessionClock.Reading?

    /// Compares a reading with the previous one, and returns a note for each change.
    mutating func observe(_ reading: SessionClock.Reading) -> [String] {
        defer { last = reading }
        guard let last else { return [] }
        var notes: [String] = []
        let up = reading.up - last.up
        let slept = Double(up - (reading.awake - last.awake)) / 1e9
        if slept >= Self.step { notes.append("the machine slept for \(slept.fixed(1)) s") }
        let stepped = Double(reading.wall.nanoseconds - last.wall.nanoseconds - up) / 1e9
        if abs(stepped) >= Self.step {
            notes.append("the wall clock was set \(abs(stepped).fixed(1)) s \(stepped > 0 ? "ahead" : "back")")
        }
        return notes
    }
}
