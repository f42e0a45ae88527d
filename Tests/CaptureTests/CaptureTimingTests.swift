import Testing

@testable import EmotionCapture

private let second = 1_000_000_000

@Suite struct CaptureTimingTests {
    @Test func aDeviceMayDeliverTwoSecondsAtOnceAndThenWaits() {
        var throttle = DeliveryThrottle(at: 0)
        let first = throttle.deadline(afterReading: 2 * second, at: 0)
        let next = throttle.deadline(afterReading: second / 2, at: 0)
        #expect(first == nil && next == second / 2)
    }

    /// The clock of a real device is at most a quarter fast, so it never waits, however long it runs.
    @Test func aRealDeviceNeverWaits() {
        var throttle = DeliveryThrottle(at: 0)
        let waits = (1...100_000).filter {
            throttle.deadline(afterReading: 24_000_000, at: $0 * 20_000_000) != nil
        }
        #expect(waits.isEmpty)
    }

    @Test func aDeviceFasterThanTimeIsSlowedToFiveQuarters() {
        var throttle = DeliveryThrottle(at: 0)
        var (time, read) = (0, 0)
        while time < 100 * second {
            read += 20_000_000
            if let deadline = throttle.deadline(afterReading: 20_000_000, at: time) { time = deadline }
        }
        #expect(abs(Double(read - 2 * second) / Double(time) - 1.25) < 0.01)
    }

    @Test func aDeviceStallsAfterTheLimitWithoutSound() {
        var stall = StallDetector(seconds: 5)
        stall.reset(at: 1000)
        var turns = 0
        while !stall.hasStalled(hasSound: false, at: 1000 + (turns + 1) * second / 10) { turns += 1 }
        #expect(turns == 50)
    }

    @Test func soundAndARestartResetTheStallTimer() {
        var stall = StallDetector(seconds: 0.3)
        let stalls = (1...100).filter { stall.hasStalled(hasSound: $0 % 3 == 0, at: $0 * second / 10) }
        #expect(stalls.isEmpty)
        _ = stall.hasStalled(hasSound: false, at: 102 * second / 10)
        stall.reset(at: 20 * second)
        let isStalled = stall.hasStalled(hasSound: false, at: 20 * second + second / 5)
        #expect(!isStalled)
    }

    /// A device is not stalled because a virtual machine was paused for an hour.
    @Test func timeInWhichTheThreadStoodStillDoesNotCount() {
        var stall = StallDetector(seconds: 1)
        let stalls = [3600, 7200, 10_800].map { stall.hasStalled(hasSound: false, at: $0 * second) }
        #expect(stalls == [false, false, false])
    }

    @Test func theLeadIsTheGreatestOfEachSecond() {
        var meter = LeadMeter(rate: 16_000)
        meter.restart(at: 0)
        meter.add(frames: 8_000)
        let early = meter.lead(available: 80, at: second / 2)
        meter.add(frames: 8_000)
        let first = meter.lead(available: 0, at: second)
        meter.add(frames: 16_000)
        let next = meter.lead(available: 16, at: 2 * second)
        meter.restart(at: 10 * second)
        let restarted = meter.lead(available: 0, at: 11 * second)
        #expect(early == nil && first == 5_000_000, "5 ms ahead after half a second")
        #expect(next == 1_000_000, "the lead of the second before does not count")
        #expect(restarted == -second)
    }
}
