import EmotionCore
import Glibc
import Testing

@testable import EmotionStream

@Suite struct WindowSchedulerTests {
    @Test func newestFirstDropsOlderWaitingWindows() {
        var scheduler = WindowScheduler<Int>(policy: .newestFirst)
        #expect(scheduler.submit(1) == [.run(1)])
        #expect(scheduler.submit(2) == [])
        #expect(scheduler.submit(3) == [.drop(2)])
        #expect(scheduler.submit(4) == [.drop(3)])
        #expect(!scheduler.isFull)
        #expect(scheduler.finished(after: 1) == [.run(4)])
        #expect(!scheduler.isIdle)
        #expect(scheduler.finished(after: 1) == [])
        #expect(scheduler.isIdle)
    }

    /// At a fifth of a second each, five may wait: a burst is read, and the newest window replaces those beyond it.
    @Test func newestFirstReadsABurstThatItCanReadWithinASecond() {
        var scheduler = WindowScheduler<Int>(policy: .newestFirst)
        _ = scheduler.submit(0)
        #expect(scheduler.finished(after: 0.2) == [])
        for job in 1...6 { #expect(scheduler.submit(job) == (job == 1 ? [.run(1)] : [])) }
        #expect(scheduler.submit(7) == (2...6).map { .drop($0) })
        #expect(scheduler.finished(after: 0.2) == [.run(7)])
    }

    @Test func everyWindowRunsAllInOrderAndSaysWhenItIsFull() {
        var scheduler = WindowScheduler<Int>(policy: .everyWindow)
        #expect(scheduler.submit(1) == [.run(1)])
        #expect(scheduler.submit(2) == [])
        #expect(!scheduler.isFull)
        #expect(scheduler.submit(3) == [])
        #expect(scheduler.isFull)
        #expect(scheduler.finished(after: 1) == [.run(2)])
        #expect(!scheduler.isFull)
        #expect(scheduler.finished(after: 1) == [.run(3)])
        #expect(scheduler.finished(after: 1) == [])
        #expect(scheduler.isIdle)
    }
}

extension WindowScheduler.Action: Equatable where Job == Int {
    public static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.run(let x), .run(let y)), (.drop(let x), .drop(let y)): x == y
        default: false
        }
    }
}

@Suite struct RowSequencerTests {
    private func row(_ end: Double) -> Row { Row(start: 0, end: end, wallEnd: .now, status: .ok) }

    @Test func rowsAreReleasedInTheOrderOfTheirTickets() {
        var sequencer = RowSequencer()
        let tickets = (0..<4).map { _ in sequencer.ticket() }
        #expect(sequencer.complete(tickets[2], with: row(2)).isEmpty)
        #expect(sequencer.complete(tickets[1], with: row(1)).isEmpty)
        #expect(!sequencer.isSettled)
        let first = sequencer.complete(tickets[0], with: row(0))
        #expect(first.map(\.end) == [0, 1, 2])
        #expect(sequencer.complete(tickets[3], with: row(3)).map(\.end) == [3])
        #expect(sequencer.isSettled)
    }
}

@Suite struct SmootherTests {
    private let angry = EmotionScores(angry: 1, happy: 0, neutral: 0, sad: 0)
    private let sad = EmotionScores(angry: 0, happy: 0, neutral: 0, sad: 1)

    @Test func theStepResponseIsExponentialForAnyHop() {
        for hop in [0.1, 0.25, 0.5, 1.0] {
            var smoother = Smoother(timeConstant: 2)
            _ = smoother.smooth(angry, at: 0)
            var scores = angry
            for step in 1...Int(4 / hop) { scores = smoother.smooth(sad, at: Double(step) * hop) }
            #expect(abs(scores.angry - 0.135335) < 1e-4)
            #expect(abs(scores.angry + scores.sad - 1) < 1e-5)
        }
    }

    @Test func zeroSwitchesSmoothingOffAndResetDiscardsThePast() {
        var off = Smoother(timeConstant: 0)
        _ = off.smooth(angry, at: 0)
        #expect(off.smooth(sad, at: 0.5) == sad)
        var smoother = Smoother(timeConstant: 2)
        _ = smoother.smooth(angry, at: 0)
        smoother.reset()
        #expect(smoother.smooth(sad, at: 0.5) == sad)
    }
}

@Suite struct LevelTests {
    @Test func aSineIsThreeDecibelsUnderItsPeak() {
        let sine = (0..<16_000).map { 0.5 * sinf(2 * .pi * 440 * Float($0) / 16_000) }
        #expect(abs(Level.dbfs(sine) - (-9.03)) < 0.01)
        var meter = LevelMeter()
        meter.append(sine[...])
        #expect(abs(meter.level - (-9.03)) < 0.2)
        #expect(abs(meter.peak - (-6.02)) < 0.05)
        #expect(!meter.isClipping)
        meter.append([1.0] + [Float](repeating: 0, count: 479))
        #expect(meter.isClipping)
        #expect(meter.waveform.count == 34)
    }

    @Test func digitalSilenceIsCountedUntilASampleOrALoss() {
        var meter = LevelMeter()
        meter.append([0.5, 0, 1e-6, 0])
        #expect(meter.silent == 3)
        meter.append([0, 0])
        #expect(meter.silent == 5)
        meter.append([0, -0.0001, 0])
        #expect(meter.silent == 1)
        meter.forgetSilence()
        #expect(meter.silent == 0)
        for (silent, peak, level, trouble) in [
            (9.9, false, Float(-30), nil), (10, true, -30, .muted), (0, true, -60, .clipping), (0, false, -51, .faint),
        ] as [(Double, Bool, Float, InputTrouble?)] {
            var channel = ChannelSnapshot()
            (channel.silentTime, channel.isClipping) = (silent, peak)
            channel.lastWindow = Row(start: 0, end: 3, wallEnd: .now, status: .ok)
            channel.lastWindow?.level = level
            #expect(channel.trouble == trouble)
        }
        var silence = ChannelSnapshot()
        silence.lastWindow = Row(start: 0, end: 3, wallEnd: .now, status: .silence)
        silence.lastWindow?.level = -70
        #expect(silence.trouble == nil, "a quiet room is no trouble")
    }

    @Test func silenceIsTheFloor() {
        #expect(Level.dbfs([0, 0]) == Level.floor)
        #expect(Level.dbfs([]) == Level.floor)
    }
}
