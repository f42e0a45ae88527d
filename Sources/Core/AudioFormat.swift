/// The format of all sound inside emoscope: 16 kHz, 32-bit float, full scale ±1.0, one channel or two interleaved.
public enum AudioFormat {
    /// Samples a second of each channel; the rate that the networks were trained at.
    public static let sampleRate = 16_000

    /// The time, in seconds, of a sample index.
    public static func seconds(_ samples: Int) -> Double {
        Double(samples) / Double(sampleRate)
    }

    /// The sample index nearest to a time in seconds.
    public static func samples(_ seconds: Double) -> Int {
        Int((seconds * Double(sampleRate)).rounded())
    }
}
