/// The cause of a loss of samples.
public enum LossCause: Int, Sendable {
    /// The device's buffer overran before it was read.
    case overrun
    /// The ring buffer was full, because the session read it too late.
    case ringFull
    /// The device was away.
    case deviceLost

    var status: RowStatus { self == .deviceLost ? .deviceLost : .overrun }

    var note: String {
        switch self {
        case .overrun: "the device's buffer ran over"
        case .ringFull: "the ring was full"
        case .deviceLost: "the device was away"
        }
    }
}

/// A run of lost samples.
public struct Loss: Equatable, Sendable {
    /// Samples lost in each channel, at least 1.
    public let samples: Int
    public let cause: LossCause
}
