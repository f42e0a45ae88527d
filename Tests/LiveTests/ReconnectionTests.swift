import EmotionCapture
import EmotionCore
import EmotionStream
import Foundation
import TestSupport
import Testing

@testable import EmotionLive

/// A microphone that follows a habit: it refuses to open, delivers nothing, or delivers 100 ms at once.
private final class ToyMicrophone: AudioSource {
    enum Habit {
        case refuses, isSilent, speaks, isLost
    }

    let name = "toy"
    let channels: Int? = 1
    private let state: Locked<SourceStatus>
    private let habit: Habit

    init(_ habit: Habit, lastSampleTime: Int? = nil) {
        self.habit = habit
        var status = SourceStatus()
        status.lastSampleTime = lastSampleTime
        if habit == .isLost { status.state = .lost(Self.gone) }
        state = Locked(status)
    }

    static let gone = CaptureError(
        .device, "toy", cannot: "go on reading", because: "the device is gone",
        advice: "plug it in again and start again")

    var status: SourceStatus { state.withLock { $0 } }

    func lose() {
        state.withLock { $0.state = .lost(Self.gone) }
    }

    func start(_ sink: @escaping SampleSink, lost: @escaping LossSink) throws(CaptureError) {
        if habit == .refuses { throw CaptureError(.device, name, cannot: "open", because: "it is not there") }
        state.withLock { $0.state = .running }
        guard habit == .speaks else { return }
        let samples = [Float](repeating: 0.5, count: 1600)
        _ = samples.withUnsafeBufferPointer { sink($0) }
    }

    func stop() {}
}

/// Uses a manual clock, so that no test waits.
@Suite(.timeLimit(.minutes(1))) struct ReconnectionTests {
    private let manual = ManualClock()
    private let producer = RingProducer(ring: SampleRing(minimumCapacity: 1 << 20), limit: nil, waits: false)
    /// Milliseconds at which each attempt began.
    private let tries = Locked<[Int]>([])

    /// - Parameter habits: Habits of the microphones that are opened, one after another; the last one repeats.
    private func reconnection(
        _ habits: [ToyMicrophone.Habit], to chosen: String? = nil, opened: Locked<[ToyMicrophone]> = Locked([])
    ) -> Reconnection {
        let (manual, tries) = (manual, tries)
        return Reconnection(
            from: ToyMicrophone(.isLost, lastSampleTime: 0), to: chosen, mode: .mixed,
            reason: chosen == nil ? ToyMicrophone.gone : nil, producer: producer,
            clock: manual.clock
        ) { _, _ in
            let number = tries.withLock { tries in
                tries.append(manual.now / 1_000_000)
                return tries.count
            }
            let microphone = ToyMicrophone(habits[min(number, habits.count) - 1])
            opened.withLock { $0.append(microphone) }
            return microphone
        }
    }

    /// The session goes on: its message does not ask for another start.
    @Test func aLossThatIsReconnectedIsSaidWithoutTheAdviceToStartAgain() throws {
        let microphone = ToyMicrophone(.isLost, lastSampleTime: 0)
        var sources = try SourceController(
            .microphone(device: "toy"), .mixed, clock: manual.clock, openMicrophone: { _, _ in microphone })
        #expect(
            sources.keepMicrophone(producer)
                == "cannot go on reading \"toy\": the device is gone; reconnecting: plug it in again if it was unplugged"
        )
        #expect(sources.reconnection?.reason == ToyMicrophone.gone, "what ends a session has the advice")
        sources.stop()
    }

    /// Calls `step` every 50 ms until the clock shows `milliseconds`, or the microphone is back.
    private func look(_ reconnection: Reconnection, until milliseconds: Int) -> (any AudioSource)? {
        while manual.now < milliseconds * 1_000_000 {
            manual.advance(milliseconds: 50)
            let source = reconnection.step()
            while reconnection.isTrying { usleep(100) }
            if let source { return source }
        }
        return nil
    }

    @Test func attemptsBackOffUpToFourSeconds() {
        let reconnection = reconnection([.refuses])
        #expect(look(reconnection, until: 17_000) == nil)
        #expect(tries.withLock { $0 } == [250, 800, 1850, 3900, 7950, 12_000, 16_050])
        #expect(reconnection.text == "microphone \"toy\" is gone; reconnecting, 17 s")
    }

    @Test func theStreamIsFilledDuringTheOutage() {
        let reconnection = reconnection([.refuses])
        _ = look(reconnection, until: 2000)
        #expect(producer.lost == 16 * 1700, "the filling lags the clock, because the first samples lie in the past")
        reconnection.stop()
        #expect(producer.lost == 16 * 2000 && producer.captured == producer.lost)
    }

    @Test func theMicrophoneIsBackWithItsFirstSamples() throws {
        let reconnection = reconnection([.refuses, .speaks])
        let source = look(reconnection, until: 5000)
        #expect(source?.name == "toy" && manual.now == 850_000_000, "returned by the first step after the attempt")
        // The attempt was at 800 ms, and its first 100 ms belong to the stream.
        #expect(producer.lost == 16 * 700 && producer.captured == 16 * 800)
    }

    @Test func anotherMicrophoneIsOpenedAtOnce() throws {
        let reconnection = reconnection([.speaks], to: "other")
        #expect(reconnection.text == nil && reconnection.reason == nil, "nothing was lost")
        #expect(look(reconnection, until: 5000) != nil)
        #expect(tries.withLock { $0 } == [50] && reconnection.refusal == nil)
    }

    @Test func whereAnotherMicrophoneDoesNotOpenTheOneBeforeIsOpenedAgain() throws {
        let reconnection = reconnection([.refuses, .refuses, .speaks], to: "other")
        #expect(look(reconnection, until: 5000) != nil)
        #expect(tries.withLock { $0 } == [50, 100, 400], "the one before at once, then with the pauses of a loss")
        #expect(reconnection.refusal?.problem == "it is not there" && reconnection.reason != nil)
    }

    @Test func aMicrophoneThatDeliversNothingCountsAsAway() {
        let opened = Locked<[ToyMicrophone]>([])
        let reconnection = reconnection([.isSilent, .speaks], opened: opened)
        #expect(look(reconnection, until: 10_000) == nil)
        #expect(tries.withLock { $0 } == [250], "while one is open, no other is tried")
        opened.withLock { $0[0].lose() }
        #expect(look(reconnection, until: 20_000) != nil)
        #expect(producer.captured == producer.lost + 1600)
    }
}

@Suite struct BackoffTests {
    @Test func waitsDoubleUpToFourSeconds() {
        var backoff = Backoff()
        #expect((0..<6).map { _ in backoff.next() / 1_000_000 } == [250, 500, 1000, 2000, 4000, 4000])
    }
}
