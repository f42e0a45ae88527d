import Glibc

/// A moment of the wall clock.
public struct WallTime: Equatable, Sendable {
    /// Nanoseconds since 1970 UTC.
    public let nanoseconds: Int

    /// Creates a moment from nanoseconds since 1970 UTC.
    public init(nanoseconds: Int) {
        self.nanoseconds = nanoseconds
    }

    /// The present moment.
    package static var now: WallTime {
        WallTime(nanoseconds: Clock.nanoseconds(CLOCK_REALTIME))
    }

    /// The moment `seconds` later.
    package func advanced(seconds: Double) -> WallTime {
        WallTime(nanoseconds: nanoseconds + Int(seconds * 1e9))
    }

    /// The local time by ISO 8601, with milliseconds and the offset from UTC: `2026-03-01T09:30:12.345+01:00`.
    public var iso8601: String {
        let (date, time, seconds) = local
        let offset = seconds / 60
        return joined(date, "-") + "T" + joined(time, ":")
            + "." + padded((nanoseconds / 1_000_000) % 1000, 3)
            + (offset < 0 ? "-" : "+") + padded(abs(offset) / 60, 2) + ":" + padded(abs(offset) % 60, 2)
    }

    /// Reads a time by ISO 8601 with an offset from UTC, as `iso8601` writes it; the seconds may lack a fraction, and `Z` is
    /// the offset of UTC.
    ///
    /// - Returns: nil for another text.
    package init?(iso8601 text: String) {
        let pattern =
            /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))/
        guard text.utf8.count < 40, let match = text.wholeMatch(of: pattern) else { return nil }
        func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
        let (_, year, month, day, hour, minute, second, fraction, sign, hours, minutes) = match.output
        guard (1...12).contains(number(month)), (1...31).contains(number(day)), number(hour) < 24,
            number(minute) < 60, number(second) <= 60, (1900...2200).contains(number(year))
        else { return nil }
        let offset = (number(hours) * 60 + number(minutes)) * (sign == "-" ? -60 : 60)
        let seconds =
            Self.days(number(year), number(month), number(day)) * 86_400 + number(hour) * 3600 + number(minute) * 60
            + number(second) - offset
        let digits = String(fraction ?? "")
        nanoseconds = seconds * 1_000_000_000 + number(Substring((digits + "000000000").prefix(9)))
    }

    /// Days from 1970-01-01 to a day of the Gregorian calendar, whose years here begin in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    /// The local time for a file's name: `20260301-093012`.
    package var fileStamp: String {
        let (date, time, _) = local
        return joined(date, "") + "-" + joined(time, "")
    }

    /// The parts of the local time: year, month, day; hour, minute, second; offset in seconds east of UTC.
    private var local: (date: [Int], time: [Int], offset: Int) {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        return unsafe (
            [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)],
            [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)], parts.tm_gmtoff
        )
    }

    private func joined(_ numbers: [Int], _ separator: String) -> String {
        numbers.map { padded($0, 2) }.joined(separator: separator)
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// The monotonic clock of the system.
package enum Clock {
    /// Nanoseconds since an arbitrary start; the value never decreases.
    package static var now: Int { nanoseconds(CLOCK_MONOTONIC) }

    /// Blocks the calling thread.
    package static func sleep(milliseconds: Int) {
        poll(nil, 0, Int32(milliseconds))
    }

    /// The nanoseconds that a clock of the system shows.
    package static func nanoseconds(_ clock: clockid_t) -> Int {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
