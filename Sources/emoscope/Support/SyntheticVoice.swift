import EmotionCore
import Glibc

/// A sound that is the same everywhere, for what is measured and checked without a recording.
enum SyntheticVoice {
    /// 3 s at 16 kHz of a gliding tone with harmonics, as loud as speech.
    static var window: [Float] {
        (0..<48_000).map { n in
            let t = AudioFormat.seconds(n)
            let phase = 2 * Double.pi * (120 * t + 20 * sin(4 * t))
            return Float(0.1 * (1...6).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) })
        }
    }
}
