import EmotionCore
import Foundation

@testable import EmotionCapture

/// Collects what a source delivers. Room for a minute; not real-time safe, which a test's sink need not be.
final class Recorder: Sendable {
    private let taken = Locked<[Float]>([])

    var samples: [Float] { taken.withLock { $0 } }
    var count: Int { taken.withLock { $0.count } }

    func take(_ samples: UnsafeBufferPointer<Float>) -> Int {
        taken.withLock { $0.append(contentsOf: samples) }
        return samples.count
    }
}

/// Polls until `condition` holds; false after `seconds`.
func eventually(within seconds: Double = 10, _ condition: () -> Bool) -> Bool {
    // Looks are counted, not time: a machine that stands still for a while has not waited.
    for _ in 0..<Int(seconds / 0.005) {
        if condition() { return true }
        usleep(5_000)
    }
    return condition()
}

/// Whether two long arrays are the same. `#expect(a == b)` would look for the shortest way from one to the other, which
/// for a minute's samples takes hours.
func same(_ a: [Float], _ b: [Float]) -> Bool { a == b }

/// A small generator of the same numbers each time (Knuth's MMIX constants).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// Low-pass noise, loud throughout: no two stretches of it are alike, so a gap or a jump cannot hide.
func rustle(seconds: Double, rate: Int, cutoff: Double = 800, seed: UInt64 = 1) -> [Float] {
    var generator = Generator(seed: seed)
    let keep = exp(-2 * Double.pi * cutoff / Double(rate))
    var (one, two) = (0.0, 0.0)
    let raw = (0..<Int(seconds * Double(rate))).map { _ -> Double in
        one = keep * one + (1 - keep) * Double.random(in: -1...1, using: &generator)
        two = keep * two + (1 - keep) * one
        return two
    }
    let peak = raw.map(abs).max() ?? 1
    return raw.map { Float(0.8 * $0 / peak) }
}

func sine(_ frequency: Double, seconds: Double, rate: Int, amplitude: Double = 0.5) -> [Float] {
    (0..<Int(seconds * Double(rate))).map {
        Float(amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate)))
    }
}

/// The correlation coefficient of two equally long stretches, -1 to 1; 0 where one is silent.
func correlation(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    var (sumA, sumB, ab, aa, bb) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let count = min(a.count, b.count)
    // Pointers, since a debug build takes its time over slices.
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

/// Where in `heard` what was `played` begins: the lag near the first sound at which its first tenth of a second
/// correlates best.
func alignment(of played: [Float], in heard: [Float]) -> Int? {
    guard let onset = heard.firstIndex(where: { abs($0) > 0.003 }),
        let played0 = played.firstIndex(where: { abs($0) > 0.003 })
    else { return nil }
    let length = min(1600, played.count - played0)
    let from = onset - played0
    let lags = (from - 200...from + 200).filter { $0 + played0 >= 0 && $0 + played0 + length <= heard.count }
    let start = played[played0..<played0 + length]
    let fits = lags.map { correlation(start, heard[$0 + played0..<$0 + played0 + length]) }
    return fits.indices.max { fits[$0] < fits[$1] }.map { lags[$0] }
}

/// The worst correlation of any tenth of a second.
func worstTenth(_ a: [Float], _ b: [Float]) -> Double {
    stride(from: 0, to: min(a.count, b.count) - 1600, by: 1600).map {
        correlation(a[$0..<$0 + 1600], b[$0..<$0 + 1600])
    }.min() ?? 0
}

/// The level of what `signal` has that `ideal` has not, in dB under `ideal`.
func noiseBelow(_ ideal: [Float], _ signal: [Float]) -> Double {
    var (noise, power) = (1e-30, 1e-30)
    for (x, y) in zip(ideal, signal) {
        noise += Double(x - y) * Double(x - y)
        power += Double(x) * Double(x)
    }
    return 10 * log10(power / noise)
}

/// A folder of a test's own, deleted with its owner.
final class Scratch: Sendable {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("capture-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
