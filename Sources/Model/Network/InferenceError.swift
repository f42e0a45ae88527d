/// Why a clip got no prediction.
public enum InferenceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The weights hold an encoder only.
    case noHead
    /// Fewer samples than one frame of the encoder needs.
    case tooShort(samples: Int, minimum: Int)
    /// More samples than the encoder's positions, or a window of reasonable memory, reach.
    case tooLong(samples: Int, maximum: Int)
    /// A sample is infinite or not a number.
    case notFinite(index: Int)

    public var description: String {
        switch self {
        case .noHead:
            "the weights hold an encoder without an emotion head; embed works with them, "
                + "predictions need weights with a head, such as the ones emoscope ships"
        case .tooShort(let samples, let minimum):
            "a clip of \(samples) samples is too short for the encoder; it needs \(minimum) at 16 kHz: "
                + "tile it to 3 s first"
        case .tooLong(let samples, let maximum):
            "a clip of \(samples) samples is too long for one pass; at most \(maximum) at 16 kHz: cut it into windows"
        case .notFinite(let index):
            "sample \(index) of the clip is not a finite number; give samples between -1 and 1"
        }
    }
}
