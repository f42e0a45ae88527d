import EmotionCore
import EmotionFiles
import Foundation
import Synchronization
import Testing

@testable import EmotionStream

/// A stream of two channels.
@Suite(.timeLimit(.minutes(5))) struct SplitSessionTests {
    private let one = SessionTests()

    /// Makes a session as `SessionTests.session` does, with two channels; `before` is called before a window is read.
    /// The detector takes each nineteenth quiet chunk for speech: it has state, so each channel needs its own.
    private func session(
        _ settings: SessionSettings, _ ring: SampleRing, _ sink: any RowSink, channels: Int = 2,
        audio: (any AudioSink)? = nil, before: @escaping @Sendable () -> Void = {}
    ) -> Session {
        let detectors = (0..<channels).map { _ in
            let heard = Atomic<Int>(0)
            let state = Holder(heard)
            return Session.Detector(
                chunk: 512,
                probability: { chunk in
                    if chunk.contains(where: { abs($0) > 0.1 }) { return 1 }
                    return state.value.wrappingAdd(1, ordering: .relaxed).newValue % 19 == 0 ? 1 : 0
                }, reset: { state.value.store(0, ordering: .relaxed) })
        }
        return Session(settings: settings, ring: ring, outputs: .init(rows: [sink], audio: audio), detectors: detectors)
        { samples in
            before()
            let mean = samples.reduce(0) { $0 + abs($1) } / Float(samples.count)
            return EmotionScores(angry: log(mean), happy: -30, neutral: -30, sad: log(1 - mean))
        }
    }

    private func interleaved(_ left: [Float], _ right: [Float]) -> [Float] {
        zip(left, right).flatMap { [$0, $1] }
    }

    private func run(_ session: Session, _ ring: SampleRing, _ samples: [Float]) {
        session.start()
        ring.put(samples)
        one.drain(session)
        session.stop()
    }

    /// Speech in turns, with quiet between them.
    private func talk(_ seed: Int) -> [Float] {
        (0..<150_000).map { index in
            let loud = (index / 60_000 + seed) % 2 == 0
            return (loud ? 0.5 : 0.002) * sin(Float(index) * (0.05 + 0.01 * Float(seed)))
        }
    }

    /// Each channel's rows are those of a session with that channel alone.
    @Test func theChannelsAreIndependentAndTheirRowsInterleaveInOrderOfTime() throws {
        let voices = [talk(0), talk(1)]
        let ring = SampleRing(minimumCapacity: 16_384)
        let both = Collector()
        let session = session(one.fast, ring, both)
        run(session, ring, interleaved(voices[0], voices[1]))
        #expect(both.rows.map(\.sequence) == Array(0..<both.rows.count))
        let order = both.rows.map { ($0.end, $0.channel ?? 0) }
        #expect(order.elementsEqual(order.sorted { $0 < $1 }, by: ==))
        for (index, voice) in voices.enumerated() {
            let ring = SampleRing(minimumCapacity: 16_384)
            let alone = Collector()
            let single = self.session(one.fast, ring, alone, channels: 1)
            run(single, ring, voice)
            let rows = both.rows.filter { $0.channel == index + 1 }
            #expect(rows.count == alone.rows.count && rows.contains { $0.status == .ok })
            #expect(rows.contains { $0.status == .silence } && alone.rows.allSatisfy { $0.channel == nil })
            #expect(rows.map(\.end) == alone.rows.map(\.end) && rows.map(\.status) == alone.rows.map(\.status))
            #expect(rows.map(\.scores) == alone.rows.map(\.scores))
            #expect(rows.map(\.smoothed) == alone.rows.map(\.smoothed))
            #expect(rows.map(\.speech) == alone.rows.map(\.speech) && rows.map(\.level) == alone.rows.map(\.level))
            let summaries = (session.snapshot.channels[index].summary, single.snapshot.summary)
            #expect(summaries.0.emotions == summaries.1.emotions)
            #expect(summaries.0.windows == summaries.1.windows)
            #expect(session.snapshot.channels[index].speechTime == single.snapshot.speechTime)
        }
        #expect(session.snapshot.twin == nil)
    }

    @Test func aLossIsARowOfEachChannelAndBothAccountingsBalance() {
        let ring = SampleRing(minimumCapacity: 1 << 15)
        let producer = RingProducer(ring: ring, channels: 2, limit: nil, waits: false)
        let sink = Collector()
        let saved = SampleCollector()
        let session = session(one.fast, ring, sink, audio: saved)
        session.start()
        func give(_ frames: Range<Int>) {
            for start in stride(from: frames.lowerBound, to: frames.upperBound, by: 4_000) {
                let part = start..<min(start + 4_000, frames.upperBound)
                let samples = interleaved(Array(talk(0)[part]), Array(talk(1)[part]))
                while ring.available > 0 { Thread.sleep(forTimeInterval: 0.001) }
                #expect(samples.withUnsafeBufferPointer { producer.take($0) } == samples.count)
            }
        }
        give(0..<50_001)
        producer.lose(12_345, .overrun)
        give(50_001..<100_000)
        producer.lose(40_000, .deviceLost)
        give(100_000..<120_000)
        one.drain(session)
        session.perform(.marker("end"))
        session.stop()

        let total = 120_000 + 52_345
        #expect(producer.captured == total && producer.lost == 52_345)
        #expect(saved.samples.count == 2 * total)
        for (index, channel) in session.snapshot.channels.enumerated() {
            let account = channel.summary.accounting.account(captured: producer.captured, lost: producer.lost)
            #expect(account.isBalanced && account.windowed == 120_000, "channel \(index + 1): \(account)")
            let losses = sink.rows.filter { !$0.isWindow && $0.channel == index + 1 }
            #expect(losses.map(\.status) == [.overrun, .deviceLost])
            #expect(losses.map { AudioFormat.samples($0.start) } == [50_001, 112_345])
        }
        #expect(sink.rows.last?.status == .marker && sink.rows.last?.channel == nil)
    }

    /// A network that is many times too slow reads both channels equally often.
    @Test func aSlowNetworkReadsBothChannelsAlike() {
        var settings = SessionSettings()
        settings.hop = 0.1
        let ring = SampleRing(minimumCapacity: 1 << 19)
        let sink = Collector()
        let turn = DispatchSemaphore(value: 0)
        let begun = Holder(Atomic<Int>(0))
        let session = session(
            settings, ring, sink,
            before: {
                begun.value.wrappingAdd(1, ordering: .relaxed)
                turn.wait()
            })
        session.start()
        // 0.5 s at a time, five windows of each channel once the first 3 s are full: one of the ten is read.
        let part = [Float](repeating: 0.5, count: 8000)
        for number in 1...20 {
            ring.put(interleaved(part, part))
            while session.snapshot.streamTime < Double(number) / 2 { Thread.sleep(forTimeInterval: 0.002) }
            guard number >= 6 else { continue }
            turn.signal()
            while begun.value.load(ordering: .relaxed) < number - 4 { Thread.sleep(forTimeInterval: 0.002) }
        }
        for _ in 0..<142 { turn.signal() }
        one.drain(session)
        session.stop()
        let read = (1...2).map { channel in sink.rows.count { $0.channel == channel && $0.status == .ok } }
        let dropped = sink.rows.count { $0.status == .dropped }
        print("slow network: \(read) windows read, \(dropped) dropped")
        #expect(sink.rows.count == 142 && read[0] + read[1] + dropped == 142 && dropped > 20)
        #expect(read.allSatisfy { $0 > 5 } && abs(read[0] - read[1]) <= 3)
        for channel in session.snapshot.channels {
            #expect(channel.summary.accounting.account(captured: 160_000, lost: 0).isBalanced)
        }
    }

    @Test func equalChannelsAreDetected() {
        let ring = SampleRing(minimumCapacity: 16_384)
        let session = session(one.fast, ring, Collector())
        run(session, ring, interleaved(talk(0), talk(0)))
        #expect(session.snapshot.twin == .same)
        var duplicateDetector = DuplicateChannelDetector()
        duplicateDetector.compare(
            [Float](repeating: 0, count: 100_000)[...], [Float](repeating: 0, count: 100_000)[...])
        #expect(duplicateDetector.trouble == nil, "silence says nothing")
    }

    @Test func theProducerCountsFramesAndStopsAtTheLimit() {
        let ring = SampleRing(minimumCapacity: 64)
        let producer = RingProducer(ring: ring, channels: 2, limit: 60, waits: false)
        let samples = (0..<100).map(Float.init)
        #expect(samples.withUnsafeBufferPointer { producer.take(.init(rebasing: $0[..<50])) } == 50)
        // Room for 7 frames; 8 more are lost.
        #expect(samples.withUnsafeBufferPointer { producer.take(.init(rebasing: $0[50..<80])) } == 14)
        #expect(producer.captured == 40 && producer.lost == 8 && !producer.isClosed && ring.available == 64)
        #expect(ring.take(100) == Array(samples[..<64]))
        #expect(ring.takeLoss()?.samples == 8)
        // Of 25 more frames, 20 are within the limit.
        #expect(samples.withUnsafeBufferPointer { producer.take(.init(rebasing: $0[..<50])) } == 50)
        #expect(producer.captured == 60 && producer.isClosed && ring.take(100) == Array(samples[..<40]))
    }

    @Test func aNewerWindowReplacesAWaitingOneOfItsOwnChannelOnly() {
        var scheduler = WindowScheduler<Int>(policy: .newestFirst)
        #expect(scheduler.submit(10, channel: 0) == [.run(10)])
        #expect(scheduler.submit(20, channel: 1) == [])
        #expect(scheduler.submit(11, channel: 0) == [])
        #expect(scheduler.submit(21, channel: 1) == [.drop(20)])
        #expect(scheduler.submit(12, channel: 0) == [.drop(11)])
        #expect(scheduler.submit(22, channel: 1) == [.drop(21)])
        #expect(scheduler.finished(after: 4) == [.run(22)], "the other channel's turn")
        #expect(scheduler.submit(13, channel: 0) == [.drop(12)])
        #expect(scheduler.submit(23, channel: 1) == [])
        #expect(scheduler.finished(after: 4) == [.run(13)])
        #expect(scheduler.finished(after: 4) == [.run(23)])
        #expect(scheduler.finished(after: 4) == [] && scheduler.isIdle)
    }
}

/// Shares a value that cannot be copied.
private final class Holder<Value: ~Copyable & Sendable>: Sendable {
    let value: Value
    init(_ value: consuming Value) { self.value = value }
}
