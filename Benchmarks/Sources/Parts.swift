import EmotionNetwork
import EmotionStream

/// Measures a write and a read of 10 ms of sound through the ring.
func measureRing() {
    let ring = SampleRing(minimumCapacity: 1 << 16)
    let period = UnsafeMutableBufferPointer<Float>.allocate(capacity: 160)
    period.initialize(repeating: 0.5)
    defer { period.deallocate() }
    print(
        Measurement {
            _ = ring.write(UnsafeBufferPointer(period))
            _ = ring.read(into: period)
        }.row("ring, 160 samples in and out"))
}

/// Measures a window of 3 s through a network, front ends included, on one thread.
func measureWindow(_ weights: String) throws {
    let window = (0..<48_000).map { Float($0 % 160) / 160 - 0.5 }
    for precision in Precision.allCases {
        let engine = try EmotionModel(path: weights, precision: precision, threads: 1).makeEngine()
        print(try Measurement { _ = try engine.run(window) }.row("window of 3 s, \(precision.rawValue)"))
    }
}
