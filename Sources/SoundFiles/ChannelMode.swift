/// How the channels of a file or device become the channels of the samples.
public enum ChannelMode: Equatable, Sendable {
    /// One channel, the mean of all.
    case mixed
    /// The first two channels, interleaved: frames of two samples, the first channel's before the second's.
    case split

    /// The number of channels of the samples, 1 or 2.
    public var count: Int { self == .mixed ? 1 : 2 }

    /// What is wrong with a source that has too few channels for this mode, in the words of an error.
    package func problem(channels: Int) -> String {
        "it has \(channels) channel, and two speakers need 2"
    }
}
