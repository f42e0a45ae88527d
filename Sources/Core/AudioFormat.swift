/// The format of all samples inside the package: 16 kHz, 32-bit float, full scale ±1.0, one channel or two interleaved.
public enum AudioFormat {
    /// Samples a second of each channel: 16,000, the rate that wav2vec 2.0, Whisper and Silero VAD were trained at.
    public static let sampleRate = 16_000

    /// Converts a number of samples of one channel to seconds.
    public static func seconds(_ samples: Int) -> Double {
        Double(samples) / Double(sampleRate)
    }

    /// Converts seconds to the nearest number of samples of one channel.
    public static func samples(_ seconds: Double) -> Int {
        Int((seconds * Double(sampleRate)).rounded())
    }
}
