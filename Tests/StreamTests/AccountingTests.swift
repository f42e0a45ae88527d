import EmotionCore
import Foundation
import TestSupport
import Testing

@testable import EmotionStream

@Suite struct IntervalSetTests {
    /// Compares with a plain set of numbers, in any order of insertion.
    @Test func matchesAPlainSetOfNumbers() {
        for _ in 0..<300 {
            var intervals = IntervalSet()
            var numbers = Set<Int>()
            for _ in 0..<Int.random(in: 0...12) {
                let start = Int.random(in: 0..<60)
                let range = start..<start + Int.random(in: 0...9)
                intervals.insert(range)
                numbers.formUnion(range)
            }
            #expect(intervals.count == numbers.count)
            #expect(intervals.ranges.flatMap(\.self) == numbers.sorted())
            #expect(zip(intervals.ranges, intervals.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
            let whole = 5..<50
            #expect(intervals.complement(in: whole).ranges.flatMap(\.self) == whole.filter { !numbers.contains($0) })
        }
    }
}

@Suite struct SampleAccountingTests {
    private func row(_ start: Double, _ end: Double, _ status: RowStatus, isWindow: Bool = true) -> Row {
        var row = Row(start: start, end: end, wallEnd: .now, status: status)
        if isWindow { row.level = -20 }
        return row
    }

    @Test func eachSampleIsCountedOnceHoweverWindowsOverlap() {
        var accounting = SampleAccounting()
        for end in [3.0, 3.5, 4.0] { accounting.add(row(end - 3, end, end == 4 ? .silence : .ok)) }
        let account = accounting.account(captured: 64_000, lost: 0)
        #expect(account.windowed == 64_000 && account.isBalanced)
    }

    @Test func aDroppedWindowCountsOnlyWhereNoOtherReadItsSamples() {
        var accounting = SampleAccounting()
        accounting.add(row(0, 3, .ok))
        accounting.add(row(0.5, 3.5, .dropped))
        accounting.add(row(1, 4, .ok))
        #expect(accounting.account(captured: 64_000, lost: 0).unread == 0)
        for end in stride(from: 4.5, through: 8.5, by: 0.5) { accounting.add(row(end - 3, end, .failed)) }
        accounting.add(row(6, 9, .ok))
        let account = accounting.account(captured: 144_000, lost: 0)
        #expect(account.unread == 32_000 && account.windowed == 112_000 && account.isBalanced)
    }

    @Test func windowsOfTwoSpeakersAtOnceAreWindowedAndCountedApart() {
        var accounting = SampleAccounting()
        var summary = SessionSummary()
        for (end, status) in [(3.0, RowStatus.ok), (3.5, .overlap), (4, .silence), (4.5, .overlap)] {
            accounting.add(row(end - 3, end, status))
            summary.add(row(end - 3, end, status))
        }
        #expect(accounting.account(captured: 72_000, lost: 0).windowed == 72_000)
        #expect(summary.overlapped == 2 && summary.overlappedSeconds == 1 && summary.windows == 4)
        #expect(summary.silent == 1 && summary.silentSeconds == 0.5 && summary.spoken == 1)
    }

    @Test func lostSamplesDoNotCountAsWindowed() {
        var accounting = SampleAccounting()
        accounting.add(row(0, 3, .ok))
        accounting.add(row(2, 2.5, .overrun, isWindow: false))
        accounting.add(row(0.5, 3.5, .overrun))
        accounting.add(row(3, 3, .marker, isWindow: false))
        let account = accounting.account(captured: 56_000, lost: 8000)
        #expect(account.windowed == 48_000 && account.lost == 8000 && account.isBalanced)
        #expect(!accounting.account(captured: 56_000, lost: 8001).isBalanced, "the source knows of another loss")
    }

    @Test func aHoleIsFound() {
        var accounting = SampleAccounting()
        accounting.add(row(0, 3, .ok))
        accounting.add(row(3.25, 6.25, .ok))
        let account = accounting.account(captured: 100_000, lost: 0)
        #expect(account.unaccounted == 4000 && account.firstHole == 48_000..<52_000 && !account.isBalanced)
        #expect(!accounting.account(captured: 90_000, lost: 0).isBalanced, "rows about samples that never were")
    }
}

@Suite struct GapsTests {
    @Test func aGapGrowsUntilSoundFollows() {
        var gaps = Gaps()
        #expect(gaps.close() == nil)
        gaps.extend(at: 100, by: 50, .overrun)
        gaps.extend(at: 150, by: 25, .deviceLost)
        #expect(gaps.missing(from: 0, to: 160)?.samples == 60)
        #expect(gaps.close() == Gaps.Gap(range: 100..<175, cause: .overrun))
        gaps.extend(at: 300, by: 10, .deviceLost)
        let missing = gaps.missing(from: 110, to: 400)
        #expect(missing?.samples == 75 && missing?.cause == .deviceLost)
        #expect(gaps.missing(from: 175, to: 300) == nil)
    }
}

@Suite struct ClockTests {
    private func reading(_ wall: Double, _ awake: Double, _ up: Double) -> SessionClock.Reading {
        .init(wall: WallTime(nanoseconds: Int(wall * 1e9)), awake: Int(awake * 1e9), up: Int(up * 1e9))
    }

    @Test func clockChangesAndSystemSleepAreReported() {
        var watch = ClockWatch()
        #expect(watch.observe(reading(1000, 10, 10)).isEmpty)
        #expect(watch.observe(reading(1001.05, 11, 11)).isEmpty, "what keeps a clock right")
        #expect(watch.observe(reading(4602.05, 12, 12)) == ["the wall clock was set 3600.0 s ahead"])
        #expect(watch.observe(reading(4601.05, 13, 13)) == ["the wall clock was set 2.0 s back"])
        #expect(watch.observe(reading(4702.05, 14, 114)) == ["the machine slept for 100.0 s"])
        #expect(watch.observe(reading(4703.05, 15, 115)).isEmpty)
    }

    @Test func theSystemsClocksAgree() {
        var watch = ClockWatch()
        for _ in 0..<5 {
            #expect(watch.observe(SessionClock.system.read()).isEmpty)
            usleep(2000)
        }
    }

    /// Samples arrive up to 10 ms late, the least late of each second counts, and there is a gap every 100 s.
    @Test(arguments: [80.0, -35.0, 0.0]) func driftIsMeasuredThroughJitterAndGaps(ppm: Double) throws {
        var drift = ClockDrift()
        var offset = 0.0
        for second in 0..<600 {
            if second % 100 == 99 {
                drift.cut()
                offset += 0.37
            }
            let late = (0..<50).map { _ in Double.random(in: 0...0.01) }.min() ?? 0
            drift.add(clock: 5000 + Double(second), lead: Double(second) * ppm * 1e-6 + offset - late)
        }
        let estimate = try #require(drift.estimate)
        #expect(abs(estimate.ppm - ppm) < 1.5 && estimate.error < 3, "\(estimate)")
    }

    @Test func tooFewPointsGiveNoDrift() {
        var drift = ClockDrift()
        for second in 0..<14 { drift.add(clock: Double(second), lead: 0) }
        #expect(drift.estimate == nil)
        drift.add(clock: 14, lead: 0)
        #expect(drift.estimate == ClockDrift.Estimate(ppm: 0, error: 0))
    }

    /// A sound server hands over what it has buffered at once, and sometimes later as well. Whatever is shown meanwhile
    /// covers the truth, and is worth showing.
    @Test(arguments: [(1, 1.8), (3, 0.4), (9, 0.3), (40, 0.02), (200, -0.05)])
    func aJumpIsNoDrift(at jump: Int, by seconds: Double) throws {
        var drift = ClockDrift()
        var seed = UInt64(jump)
        for second in 0..<3600 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let late = Double(seed >> 40) / 0x1p24 * 0.0005
            drift.add(
                clock: Double(second), lead: Double(second) * 430e-6 + (second >= jump ? seconds : 0) - late)
            guard let estimate = drift.estimate else { continue }
            #expect(abs(estimate.ppm - 430) <= 1.2 * estimate.error + 1, "\(estimate) after \(second) s")
            #expect(estimate.error <= 100)
        }
        let last = try #require(drift.estimate)
        #expect(abs(last.ppm - 430) < 5 && last.error < 25, "\(last)")
    }

    /// Lines without end take no more memory, and the newest count.
    @Test func manyGapsLeaveTheNewestLines() throws {
        var drift = ClockDrift()
        for second in 0..<20_000 {
            if second % 40 == 0 { drift.cut() }
            let lead = Double(second) * (second < 10_000 ? 300e-6 : 50e-6) + Double(second / 40)
            drift.add(clock: Double(second), lead: lead)
        }
        let estimate = try #require(drift.estimate)
        #expect(abs(estimate.ppm - 50) < 1, "\(estimate)")
    }
}

extension SessionTests {
    /// Losses are at the positions where they happened, the rows have no hole, and the saved stream replays to the same
    /// windows.
    @Test(arguments: [0.5, 0.3]) func aLossKeepsItsPlaceAndReplaysToTheSameWindows(hop: Double) throws {
        var settings = fast
        settings.hop = hop
        let ring = SampleRing(minimumCapacity: 16_384)
        let sink = Collector()
        let saved = SampleCollector()
        let session = session(settings, ring, sink, audio: saved)
        session.start()
        let sound = (0..<200_000).map { 0.5 * sin(Float($0) * 0.05) * ($0 % 70_000 < 40_000 ? 1 : 0.001) }
        ring.put(Array(sound[..<50_001]))
        ring.lose(12_345, .overrun)
        ring.put(Array(sound[50_001..<130_000]))
        ring.lose(40_000, .deviceLost)
        ring.lose(40_000, .deviceLost)
        ring.put(Array(sound[130_000...]))
        ring.lose(777, .ringFull)
        drain(session)
        session.stop()

        let rows = sink.rows
        let total = 200_000 + 12_345 + 80_000 + 777
        let account = session.snapshot.summary.accounting.account(captured: total, lost: 93_122)
        #expect(account.isBalanced && account.lost == 93_122 && account.windowed == 200_000, "\(account)")
        let losses = rows.filter { !$0.isWindow }
        #expect(losses.map(\.status) == [.overrun, .deviceLost, .overrun])
        #expect(losses.map { AudioFormat.samples($0.start) } == [50_001, 142_345, 292_345])
        #expect(losses.map { AudioFormat.samples($0.end) } == [62_346, 222_345, total])
        #expect(losses.map { AudioFormat.samples($0.missingSeconds) } == [12_345, 80_000, 777])
        #expect(rows.contains { $0.isWindow && $0.status == .deviceLost && $0.scores == nil })
        for row in rows where row.status == .silence {
            #expect(!losses.contains { $0.start < row.end && $0.end > row.start }, "no silence is claimed over a loss")
        }

        let stream = saved.samples
        #expect(stream.count == total)
        let again = Collector()
        let second = self.session(settings, ring, again)
        second.start()
        ring.put(stream)
        drain(second)
        second.stop()
        let windows = rows.filter(\.isWindow)
        #expect(again.rows.map(\.start) == windows.map(\.start) && again.rows.map(\.end) == windows.map(\.end))
        #expect(again.rows.map(\.scores) == windows.map(\.scores))
        #expect(again.rows.map(\.smoothed) == windows.map(\.smoothed))
        #expect(again.rows.map(\.speech) == windows.map(\.speech))
    }

    @Test func aWallClockThatIsSetBecomesAMarkerAndStreamTimeGoesOn() throws {
        let manual = ManualClock()
        let ring = SampleRing(minimumCapacity: 1 << 18)
        let sink = Collector()
        let session = session(SessionSettings(), ring, sink, clock: manual.clock)
        session.start()
        ring.put([Float](repeating: 0.5, count: 52_800))
        while session.snapshot.streamTime < 3.3 { usleep(1000) }
        manual.setWall(seconds: -7200)
        manual.advance(milliseconds: 1100)
        while !sink.holds(.marker) { usleep(1000) }
        ring.put([Float](repeating: 0.5, count: 19_200))
        drain(session)
        session.stop()
        let marker = try #require(sink.rows.first { $0.status == .marker })
        #expect(marker.note == "the wall clock was set 7200.0 s back")
        let windows = sink.rows.filter(\.isWindow)
        #expect(windows.map(\.end) == windows.map(\.end).sorted())
        let walls = windows.map(\.wallEnd.nanoseconds)
        #expect(walls.last! - walls.first! < -7_000_000_000_000)
        #expect(session.snapshot.summary.accounting.account(captured: 72_000, lost: 0).isBalanced)
    }

    @Test func markersAreRows() {
        let sink = Collector()
        let session = session(SessionSettings(), SampleRing(minimumCapacity: 16_384), sink)
        session.start()
        session.perform(.marker("here"))
        session.stop()
        #expect(sink.rows.map(\.status) == [.marker] && sink.rows.map(\.note) == ["here"])
    }
}

@Suite struct DeviceOutageTests {
    /// 16 frames per millisecond.
    @Test func fillsUpToTheFirstCapturedFramesAndNoFurther() {
        let producer = RingProducer(ring: SampleRing(minimumCapacity: 64_000), limit: nil, waits: false)
        let manual = ManualClock()
        let outage = DeviceOutage(producer: producer, since: 0, clock: manual.clock)
        manual.advance(milliseconds: 1000)
        outage.fill(until: 700_000_000)
        #expect(producer.lost == 11_200 && !outage.isOver)
        outage.fill(until: 500_000_000)
        #expect(producer.lost == 11_200, "what is filled stays filled")
        outage.end(before: 1600)
        #expect(producer.lost == 14_400 && outage.isOver)
        manual.advance(milliseconds: 20)
        outage.end(before: 0)
        #expect(producer.lost == 14_400 && producer.captured == 14_400)
    }
}
