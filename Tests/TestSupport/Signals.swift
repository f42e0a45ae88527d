import Foundation

/// Whether two long arrays are equal. `#expect(a == b)` would compute the difference of the arrays, which takes hours
/// for a minute's samples.
package func same(_ a: [Float], _ b: [Float]) -> Bool { a == b }

/// A small generator that gives the same numbers each time (Knuth's MMIX constants).
package struct Generator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// Low-pass noise of constant loudness, no two stretches of which are alike, so that a gap or a jump is detected.
package func noise(seconds: Double, rate: Int, cutoff: Double = 800, seed: UInt64 = 1) -> [Float] {
    var generator = Generator(seed: seed)
    let decay = exp(-2 * Double.pi * cutoff / Double(rate))
    var (one, two) = (0.0, 0.0)
    let raw = (0..<Int(seconds * Double(rate))).map { _ -> Double in
        one = decay * one + (1 - decay) * Double.random(in: -1...1, using: &generator)
        two = decay * two + (1 - decay) * one
        return two
    }
    let peak = raw.map(abs).max() ?? 1
    return raw.map { Float(0.8 * $0 / peak) }
}

/// A sine wave.
package func sine(_ frequency: Double, seconds: Double, rate: Int, amplitude: Double = 0.5) -> [Float] {
    (0..<Int(seconds * Double(rate))).map {
        Float(amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate)))
    }
}

/// The correlation coefficient of two equally long stretches, -1 to 1; 0 where one is silent.
package func correlation(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    var (sumA, sumB, ab, aa, bb) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let count = min(a.count, b.count)
    // Pointers, because slices are slow in a debug build.
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            var index = 0
            while index < count {
                let (x, y) = (Double(a[index]), Double(b[index]))
                sumA += x
                sumB += y
                ab += x * y
                aa += x * x
                bb += y * y
                index += 1
            }
        }
    }
    ab -= sumA * sumB / Double(count)
    aa -= sumA * sumA / Double(count)
    bb -= sumB * sumB / Double(count)
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
}

/// The index in `captured` at which `played` begins: the lag near the first sound at which the first tenth of a second
/// correlates best.
package func alignment(of played: [Float], in captured: [Float]) -> Int? {
    guard let onset = captured.firstIndex(where: { abs($0) > 0.003 }),
        let played0 = played.firstIndex(where: { abs($0) > 0.003 })
    else { return nil }
    let length = min(1600, played.count - played0)
    let from = onset - played0
    let lags = (from - 200...from + 200).filter { $0 + played0 >= 0 && $0 + played0 + length <= captured.count }
    let start = played[played0..<played0 + length]
    let fits = lags.map { correlation(start, captured[$0 + played0..<$0 + played0 + length]) }
    return fits.indices.max { fits[$0] < fits[$1] }.map { lags[$0] }
}

/// The lowest correlation of any tenth of a second.
package func lowestCorrelation(_ a: [Float], _ b: [Float]) -> Double {
    stride(from: 0, to: min(a.count, b.count) - 1600, by: 1600).map {
        correlation(a[$0..<$0 + 1600], b[$0..<$0 + 1600])
    }.min() ?? 0
}

/// The ratio of `ideal` to the difference between `signal` and it, in dB.
package func signalToNoise(_ ideal: [Float], _ signal: [Float]) -> Double {
    var (noise, power) = (1e-30, 1e-30)
    for (x, y) in zip(ideal, signal) {
        noise += Double(x - y) * Double(x - y)
        power += Double(x) * Double(x)
    }
    return 10 * log10(power / noise)
}

/// Interleaves channels of equal length.
package func interleaved(_ channels: [[Float]]) -> [Float] {
    channels[0].indices.flatMap { frame in channels.map { $0[frame] } }
}
