/// The reason why a clip has no prediction.
public enum InferenceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The weights hold an encoder only.
    case noHead
    /// The clip has fewer samples than one frame of the encoder or one step of the BiLSTM needs.
    case tooShort(samples: Int, minimum: Int)
    /// The clip has more samples than Whisper's positional table covers, or than a minute for wav2vec 2.0.
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
