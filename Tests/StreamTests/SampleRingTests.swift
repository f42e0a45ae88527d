import Foundation
import Testing

@testable import EmotionStream

@Suite struct SampleRingTests {
    @Test func capacityIsAPowerOfTwo() {
        #expect(SampleRing(minimumCapacity: 1).capacity == 2)
        #expect(SampleRing(minimumCapacity: 1000).capacity == 1024)
        #expect(SampleRing(minimumCapacity: 1024).capacity == 1024)
    }

    @Test func behavesAsAQueueOfBoundedLength() {
        let ring = SampleRing(minimumCapacity: 64)
        var generator = SystemRandomNumberGenerator()
        var model: [Float] = []
        var next: Float = 0
        for _ in 0..<10_000 {
            if Bool.random(using: &generator) {
                let samples = (0..<Int.random(in: 0...90, using: &generator)).map { _ in
                    defer { next += 1 }
                    return next
                }
                let count = samples.withUnsafeBufferPointer(ring.write)
                #expect(count == min(samples.count, 64 - model.count))
                model += samples.prefix(count)
                next -= Float(samples.count - count)
            } else {
                let wanted = Int.random(in: 0...90, using: &generator)
                let read = ring.take(wanted)
                #expect(read == Array(model.prefix(wanted)))
                model.removeFirst(read.count)
            }
            #expect(ring.available == model.count)
        }
    }

    @Test func aLossIsFoundWhereItHappened() {
        let ring = SampleRing(minimumCapacity: 64)
        ring.put([1, 2, 3])
        ring.lose(7, .overrun)
        ring.lose(2, .deviceLost)
        ring.put([4, 5])
        #expect(ring.takeLoss() == nil && !ring.isEmpty)
        #expect(ring.take(10) == [1, 2, 3])
        #expect(ring.take(10) == [])
        #expect(ring.takeLoss() == Loss(samples: 7, cause: .overrun))
        #expect(ring.takeLoss() == Loss(samples: 2, cause: .deviceLost))
        #expect(ring.takeLoss() == nil)
        #expect(ring.take(1) == [4] && ring.take(9) == [5] && ring.isEmpty)
    }

    /// When the ring is full of losses, it takes no samples, and no loss is forgotten.
    @Test func lossesBeyondTheCapacityAreMerged() {
        let ring = SampleRing(minimumCapacity: 1024)
        for _ in 0..<100 {
            ring.lose(3, .ringFull)
            _ = [Float(1)].withUnsafeBufferPointer(ring.write)
        }
        #expect(!ring.flush())
        var (samples, lost) = (0, 0)
        for _ in 0..<1000 {
            samples += ring.take(1).count
            lost += ring.takeLoss()?.samples ?? 0
            _ = ring.flush()
        }
        #expect(samples == 64 && lost == 300 && ring.isEmpty)
    }

    /// Losses keep their positions between the threads.
    @Test func twoThreadsAgreeOnWhatIsMissing() async {
        let ring = SampleRing(minimumCapacity: 256)
        let total = 200_000
        let producer = Thread {
            var sent = 0
            while sent < total {
                let count = min(total - sent, 1 + sent % 97)
                let block = (sent..<sent + count).map { Float($0 % 65_536) }
                let taken = block.withUnsafeBufferPointer(ring.write)
                sent += taken
                // Every other block that finds no room is lost; the others wait.
                if taken < count, sent % 2 == 0 {
                    ring.lose(count - taken, .ringFull)
                    sent += count - taken
                }
            }
            while !ring.flush() { usleep(100) }
        }
        producer.start()
        let broken = await Task.detached {
            var (position, broken) = (0, 0)
            while position < total {
                for sample in ring.take(1 + position % 89) {
                    if sample != Float(position % 65_536) { broken += 1 }
                    position += 1
                }
                if let loss = ring.takeLoss() { position += loss.samples }
            }
            return broken
        }.value
        #expect(broken == 0)
        #expect(ring.isEmpty)
    }

    /// Also runs under ThreadSanitizer: a missing ordering shows there, or as a sample out of sequence.
    @Test func twoThreadsLoseAndReorderNothing() async {
        let ring = SampleRing(minimumCapacity: 256)
        let total = 400_000
        let producer = Thread {
            var sent = 0
            while sent < total {
                let block = (sent..<min(total, sent + 1 + sent % 97)).map { Float($0 % 65_536) }
                sent += block.withUnsafeBufferPointer(ring.write)
            }
        }
        producer.start()
        let broken = await Task.detached {
            var received = 0
            var broken = 0
            while received < total {
                for sample in ring.take(1 + received % 89) {
                    if sample != Float(received % 65_536) { broken += 1 }
                    received += 1
                }
            }
            return broken
        }.value
        #expect(broken == 0)
        #expect(ring.available == 0)
    }
}

extension SampleRing {
    /// Reads up to `count` samples.
    func take(_ count: Int) -> [Float] {
        // Without capacity, Swift writes the count into the one empty array that all threads share, which
        // ThreadSanitizer reports.
        guard count > 0 else { return [] }
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Writes all of `samples`, waiting for room.
    func put(_ samples: [Float]) {
        var rest = samples[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBufferPointer(write)
            rest = rest.dropFirst(count)
            if count == 0 { Thread.sleep(forTimeInterval: 0.001) }
        }
    }
}
