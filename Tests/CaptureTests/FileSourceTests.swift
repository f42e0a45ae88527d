import CEmotionSndFile
import EmotionCore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EmotionCapture

@Suite struct FileSourceTests {
    private func file(_ scratch: Scratch, seconds: Double) throws -> (path: String, samples: [Float]) {
        let samples = noise(seconds: seconds, rate: AudioFormat.sampleRate)
        let kind = SoundFileKind.floatWAV()
        try writeSound(samples, as: kind, to: scratch.path("sound.wav"))
        return (scratch.path("sound.wav"), samples)
    }

    @Test func losesNothingWhenFast() throws {
        let scratch = try Scratch()
        let (path, samples) = try file(scratch, seconds: 10)
        let source = try FileSource(path: path, pace: .fast)
        #expect(source.name == path && source.duration == 10)
        let collector = SampleCollector()
        let generator = Locked(Generator(seed: 3))
        try source.start { samples in
            // A ring that is sometimes full and sometimes has a little room.
            let count = generator.withLock {
                Int.random(in: 0..<8, using: &$0) == 0 ? 0 : Int.random(in: 1...samples.count, using: &$0)
            }
            return count == 0 ? 0 : collector.take(UnsafeBufferPointer(rebasing: samples[..<count]))
        }
        #expect(eventually(within: 15) { source.status.state == .finished })
        #expect(same(collector.samples, samples))
        let status = source.status
        #expect(status.samplesDelivered == samples.count && status.samplesRefused == 0)
        #expect(status.isRealTime == nil)
    }

    @Test func keepsTimeInRealTime() throws {
        let scratch = try Scratch()
        let (path, samples) = try file(scratch, seconds: 2)
        let source = try FileSource(path: path, pace: .realTime)
        let collector = SampleCollector()
        let arrivals = Locked<[Int]>([])
        let start = Clock.now
        try source.start { samples in
            let count = arrivals.withLock {
                $0.append(Clock.now - start)
                return $0.count
            }
            // One block takes too long.
            if count == 10 { usleep(100_000) }
            return collector.take(samples)
        }
        #expect(eventually { source.status.state == .finished })
        #expect(same(collector.samples, samples))
        let times = arrivals.withLock { $0 }
        #expect(times.count == 100)
        // No block comes before it was spoken, and a late block does not delay those after it.
        for (index, time) in times.enumerated() { #expect(time >= (index + 1) * 20_000_000) }
        let lateness = times.enumerated().map { $0.element - ($0.offset + 1) * 20_000_000 }.sorted()
        #expect(lateness[50] < 30_000_000, "half of the blocks were later than \(lateness[50] / 1000) µs")
    }

    @Test func countsWhatIsRefusedInRealTime() throws {
        let scratch = try Scratch()
        let (path, samples) = try file(scratch, seconds: 0.5)
        let source = try FileSource(path: path, pace: .realTime)
        try source.start { $0.count - 20 }
        #expect(eventually { source.status.state == .finished })
        let status = source.status
        #expect(status.samplesRefused == samples.count / 320 * 20)
        #expect(status.samplesDelivered == samples.count - status.samplesRefused)
    }

    @Test func stopsAtOnceAndForGood() throws {
        let scratch = try Scratch()
        let (path, _) = try file(scratch, seconds: 20)
        for pace in [FileSource.Pace.realTime, .fast] {
            let source = try FileSource(path: path, pace: pace)
            let calls = Atomic<Int>(0)
            // Full speed, into a ring that stays full.
            try source.start { samples in
                calls.wrappingAdd(1, ordering: .relaxed)
                return pace == .fast ? 0 : samples.count
            }
            #expect(eventually { calls.load(ordering: .relaxed) > 2 })
            let start = Clock.now
            source.stop()
            #expect(Clock.now - start < 1_000_000_000)
            #expect(source.status.state == .finished)
            let count = calls.load(ordering: .relaxed)
            usleep(50_000)
            #expect(calls.load(ordering: .relaxed) == count)
            #expect(throws: CaptureError.self) { try source.start { $0.count } }
        }
    }

    @Test func saysWhenTheFileBreaksOff() throws {
        let scratch = try Scratch()
        let path = scratch.path("broken.flac")
        let kind = SoundFileKind(name: "flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
        try writeSound(noise(seconds: 10, rate: AudioFormat.sampleRate), as: kind, to: path)
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        data = data.prefix(data.count / 2)
        try data.write(to: URL(fileURLWithPath: path))
        let source = try FileSource(path: path, pace: .fast)
        try source.start { $0.count }
        #expect(eventually { source.status.state != .running })
        guard case .failed(let error) = source.status.state else {
            Issue.record("\(source.status)")
            return
        }
        #expect(error.path == path && error.problem.hasPrefix("it breaks off after 4."), "\(error)")
        // The samples before the break were played.
        #expect(source.status.samplesDelivered > 60_000)
    }

    /// A sink that takes a few frames at a time loses none of a file at full speed, and the channels stay aligned.
    @Test func splitChannelsAreDeliveredInWholeFrames() throws {
        let scratch = try Scratch()
        let path = scratch.path("two.wav")
        let (one, two) = (noise(seconds: 2, rate: 16_000, seed: 1), noise(seconds: 2, rate: 16_000, seed: 2))
        try writeSound(interleaved([one, two]), as: .floatWAV(channels: 2), to: path)
        let source = try FileSource(path: path, pace: .fast, mode: .split)
        let collector = SampleCollector()
        try source.start { samples in
            let some = UnsafeBufferPointer(rebasing: samples.prefix(2 * Int.random(in: 0...200)))
            return collector.take(some)
        }
        #expect(eventually { source.status.state == .finished })
        #expect(source.status.samplesDelivered == one.count && source.status.samplesRefused == 0)
        #expect(same(collector.samples, interleaved([one, two])))
    }
}
