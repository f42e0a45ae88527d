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
        var digits = ISO8601Digits(text)
        guard let year = digits.number(4, before: "-"), let month = digits.number(2, before: "-"),
            let day = digits.number(2, before: "T"), let hour = digits.number(2, before: ":"),
            let minute = digits.number(2, before: ":"), let second = digits.number(2, before: nil),
            let fraction = digits.nanoseconds(), let offset = digits.offset(),
            (1900...2200).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        let time = hour * 3600 + minute * 60 + second - offset
        nanoseconds = (Self.days(year, month, day) * 86_400 + time) * 1_000_000_000 + fraction
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

/// The digits of a time by ISO 8601, taken from the front.
private struct ISO8601Digits {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    /// Takes `count` digits, and the sign that has to follow.
    mutating func number(_ count: Int, before sign: Unicode.Scalar?) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        rest = rest.dropFirst(count)
        guard let sign else { return Self.value(digits) }
        guard rest.first == UInt8(ascii: sign) else { return nil }
        rest = rest.dropFirst()
        return Self.value(digits)
    }

    /// Takes the fraction of a second, if there is one.
    mutating func nanoseconds() -> Int? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        rest = rest.dropFirst()
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return (digits.count..<9).reduce(Self.value(digits)) { value, _ in value * 10 }
    }

    /// Takes the offset from UTC, which is the end: seconds east.
    mutating func offset() -> Int? {
        let sign = rest.first
        rest = rest.dropFirst()
        if sign == UInt8(ascii: "Z") { return rest.isEmpty ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = number(2, before: ":"),
            let minutes = number(2, before: nil), rest.isEmpty, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -60 : 60)
    }

    private static func value(_ digits: Substring.UTF8View) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
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
