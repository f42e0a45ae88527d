import EmotionCore
import Glibc

/// A sound that is the same on every machine, for benchmarks and self-tests.
enum SyntheticVoice {
    /// A window of 3 s at 16 kHz: a gliding tone of six harmonics, as loud as speech.
    static var window: [Float] {
        (0..<48_000).map { n in
            let t = AudioFormat.seconds(n)
            let phase = 2 * Double.pi * (120 * t + 20 * sin(4 * t))
            return Float(0.1 * (1...6).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) })
        }
    }
}
