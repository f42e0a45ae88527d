import Foundation

/// The synthetic voice of Goldens/golden_networks.py (`signal`), by the same formula: a gliding pitch with eight harmonics,
/// syllables, a pause, and noise.
func syntheticVoice(seconds: Double, seed: UInt64 = 1) -> [Float] {
    let count = Int((seconds * 16_000).rounded())
    var state = seed
    var phase = 0.0
    return (0..<count).map { n in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Double(state >> 40) / Double(1 << 23) - 1
        let t = Double(n) / 16_000
        let pitch = 120 + 15 * Double(seed) + 30 * sin(2 * Double.pi * 0.7 * t)
        phase += 2 * Double.pi * pitch / 16_000
        var envelope = pow(0.5 - 0.5 * cos(2 * Double.pi * 2.3 * t), 2)
        if t >= 0.7, t < 0.9 { envelope = 0 }
        let voice = (1...8).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) }
        return Float(0.2 * envelope * voice + 0.003 * noise)
    }
}
