/// What becomes of a source's channels.
public enum ChannelMode: Equatable, Sendable {
    /// One comes out: their mean.
    case mixed
    /// The first two come out, apart: frames of two samples, the first channel's before the second's.
    case split

    /// Channels that come out.
    public var count: Int { self == .mixed ? 1 : 2 }
}
