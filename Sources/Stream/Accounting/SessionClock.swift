import EmotionCore
import Glibc

/// The clocks that a session reads and sleeps by. A test injects its own, and then waits for nothing.
package struct SessionClock: Sendable {
    /// The clocks at one moment.
    package struct Reading: Equatable, Sendable {
        package var wall: WallTime
        /// Nanoseconds that the system has run and not slept.
        package var awake: Int
        /// Nanoseconds that the system has run, asleep or not.
        package var up: Int

        package init(wall: WallTime, awake: Int, up: Int) {
            self.wall = wall
            self.awake = awake
            self.up = up
        }
    }

    package let read: @Sendable () -> Reading
    /// Nanoseconds of the monotonic clock; never goes back. Real-time safe in the system's.
    package let now: @Sendable () -> Int
    /// Waits for so many milliseconds of the monotonic clock.
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
        // Whoever is stopped between two looks would see a jump: such a reading is taken again.
        var reading = Reading(wall: .now, awake: 0, up: 0)
        for _ in 0..<4 {
            let before = Clock.nanoseconds(CLOCK_BOOTTIME)
            reading = Reading(wall: .now, awake: Clock.now, up: before)
            if Clock.nanoseconds(CLOCK_BOOTTIME) - before < 1_000_000 { break }
        }
        return reading
    }
}

/// Notices when the wall clock was set and when the machine slept. Pure.
struct ClockWatch {
    /// The least jump, in seconds, that is reported. Programs that keep a clock right move it by less at a time.
    static let step = 0.1

    private var last: SessionClock.Reading?

    /// What has happened since the reading before, in words.
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
