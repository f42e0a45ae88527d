/// The window that figures are reported for: the middle of a clip; a shorter clip is repeated whole and cut.
public enum MiddleWindow {
    /// `length` samples of `samples`, which must not be empty.
    public static func cut(_ samples: [Float], length: Int) -> [Float] {
        guard samples.count < length else {
            return Array(samples[start(in: samples.count, length: length)...].prefix(length))
        }
        return (0..<length).map { samples[$0 % samples.count] }
    }

    /// Where the window begins in a clip of `count` samples, `length` at least.
    public static func start(in count: Int, length: Int) -> Int { (count - length) / 2 }
}
