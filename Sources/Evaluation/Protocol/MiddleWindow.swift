/// The middle of a clip, for which metrics are reported; a shorter clip is repeated whole and cut.
package enum MiddleWindow {
    /// Cuts `length` samples out of `samples`, which must not be empty.
    package static func cut(_ samples: [Float], length: Int) -> [Float] {
        guard samples.count < length else {
            return Array(samples[start(in: samples.count, length: length)...].prefix(length))
        }
        return (0..<length).map { samples[$0 % samples.count] }
    }

    /// The index at which the window begins in a clip of `count` samples, which is at least `length`.
    package static func start(in count: Int, length: Int) -> Int { (count - length) / 2 }
}
