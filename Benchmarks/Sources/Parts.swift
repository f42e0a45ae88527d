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

/// Measures what a hop of half a second costs the speaker encoder: its mel frames, and an embedding of the newest
/// 1.6 s.
func measureSpeakerEncoder(_ weights: String) throws {
    let hop = (0..<8000).map { Float($0 % 160) / 160 - 0.5 }
    for precision in Precision.allCases {
        let stream = SpeakerStream(try SpeakerEncoder(path: weights, precision: precision))
        for _ in 0..<4 { stream.append(hop.span) }
        if precision == .fp32 {
            print(Measurement { stream.append(hop.span) }.row("speaker encoder, mel frames of 0.5 s"))
        }
        let stretches = [0..<Int.max]
        // 160 frames through three layers, and the linear layer.
        let macs = 160 * 1024 * (40 + 5 * 256) + 256 * 256
        print(
            Measurement { _ = stream.embedding(of: stretches) }
                .row("speaker embedding of 1.6 s, \(precision.rawValue)", macs: macs))
    }
}
