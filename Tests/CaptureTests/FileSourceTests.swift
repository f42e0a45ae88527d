import CEmotionSndFile
import EmotionCore
import Foundation
import Synchronization
import Testing

@testable import EmotionCapture

@Suite struct FileSourceTests {
    private func file(_ scratch: Scratch, seconds: Double) throws -> (path: String, samples: [Float]) {
        let samples = rustle(seconds: seconds, rate: AudioFormat.sampleRate)
        let kind = FileKind(name: "float", format: SF_FORMAT_WAV | SF_FORMAT_FLOAT)
        try write(samples, as: kind, to: scratch.path("sound.wav"))
        return (scratch.path("sound.wav"), samples)
    }

    @Test func losesNothingWhenFast() throws {
        let scratch = try Scratch()
        let (path, samples) = try file(scratch, seconds: 10)
        let source = try FileSource(path: path, pace: .fast)
        #expect(source.name == path && source.duration == 10)
        let recorder = Recorder()
        let generator = Locked(Generator(seed: 3))
        try source.start { samples in
            // A ring that is sometimes full, sometimes has a little room.
            let count = generator.withLock {
                Int.random(in: 0..<8, using: &$0) == 0 ? 0 : Int.random(in: 1...samples.count, using: &$0)
            }
            return count == 0 ? 0 : recorder.take(UnsafeBufferPointer(rebasing: samples[..<count]))
        }
        #expect(eventually(within: 15) { source.status.state == .finished })
        #expect(same(recorder.samples, samples))
        let status = source.status
        #expect(status.samplesDelivered == samples.count && status.samplesRefused == 0)
        #expect(status.lastLossPosition == nil && status.isRealTime == nil)
    }

    @Test func keepsTimeInRealTime() throws {
        let scratch = try Scratch()
        let (path, samples) = try file(scratch, seconds: 2)
        let source = try FileSource(path: path, pace: .realTime)
        let recorder = Recorder()
        let arrivals = Locked<[Int]>([])
        let start = monotonicNanoseconds()
        try source.start { samples in
            let count = arrivals.withLock {
                $0.append(monotonicNanoseconds() - start)
                return $0.count
            }
            // One block takes too long.
            if count == 10 { usleep(100_000) }
            return recorder.take(samples)
        }
        #expect(eventually { source.status.state == .finished })
        #expect(same(recorder.samples, samples))
        let times = arrivals.withLock { $0 }
        #expect(times.count == 100)
        // No block before it was spoken, and the lateness of one is not handed on for ever.
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
        #expect(status.lastLossPosition == status.samplesDelivered)
    }

    @Test func stopsAtOnceAndForGood() throws {
        let scratch = try Scratch()
        let (path, _) = try file(scratch, seconds: 20)
        for pace in [FileSource.Pace.realTime, .fast] {
            let source = try FileSource(path: path, pace: pace)
            let calls = Atomic<Int>(0)
            // Fast: a ring that is full for ever.
            try source.start { samples in
                calls.wrappingAdd(1, ordering: .relaxed)
                return pace == .fast ? 0 : samples.count
            }
            #expect(eventually { calls.load(ordering: .relaxed) > 2 })
            let start = monotonicNanoseconds()
            source.stop()
            #expect(monotonicNanoseconds() - start < 1_000_000_000)
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
        let kind = FileKind(name: "flac", format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
        try write(rustle(seconds: 10, rate: AudioFormat.sampleRate), as: kind, to: path)
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
        #expect(error.subject == .inputFile && error.problem.hasPrefix("it breaks off after 4 s"), "\(error)")
        // What there was of it was played.
        #expect(source.status.samplesDelivered > 60_000)
    }
}
