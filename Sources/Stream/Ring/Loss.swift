/// Why samples of a stream never came.
public enum LossCause: Int, Sendable {
    /// The device's buffer ran over before it was read.
    case overrun
    /// The session was so late that the ring had no room.
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

/// A stretch of the stream whose samples never came.
public struct Loss: Equatable, Sendable {
    /// How many of each channel, at least 1.
    public let samples: Int
    public let cause: LossCause
}
