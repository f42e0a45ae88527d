import Foundation
import Testing

@testable import Stream

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

    /// Meant to run under ThreadSanitizer too: a missing ordering shows there, or as a sample out of sequence.
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
    /// Up to `count` samples.
    func take(_ count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Everything in `samples`, waiting for room.
    func put(_ samples: [Float]) {
        var rest = samples[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBufferPointer(write)
            rest = rest.dropFirst(count)
            if count == 0 { Thread.sleep(forTimeInterval: 0.001) }
        }
    }
}
