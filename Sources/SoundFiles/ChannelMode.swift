/// How the channels of a file or device become the channels of the samples.
public enum ChannelMode: Equatable, Sendable {
    /// One channel: the mean of all channels.
    case mixed
    /// The first two channels, interleaved: frames of two samples, the first channel's before the second's.
    case split

    /// The number of channels of the samples, 1 or 2.
    public var count: Int { self == .mixed ? 1 : 2 }

    /// The problem text of an error for a source with too few channels for this mode.
    package func problem(channels: Int) -> String {
        "it has \(channels) channel, and two speakers need 2"
    }
}
