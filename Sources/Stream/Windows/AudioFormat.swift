/// The one format that flows through the pipeline: one channel or two in turn, 32-bit float, ±1.0 full scale.
public enum AudioFormat {
    /// Samples a second.
    public static let sampleRate = 16_000

    /// Seconds of the stream at a sample index.
    public static func seconds(_ samples: Int) -> Double {
        Double(samples) / Double(sampleRate)
    }

    /// The nearest sample index to a time in seconds.
    public static func samples(_ seconds: Double) -> Int {
        Int((seconds * Double(sampleRate)).rounded())
    }
}
