/// The format of bare samples, which have no header that says it: an encoding, a rate and a number of channels.
///
///     RawFormat("S16_LE,16000,1")      // what `arecord -t raw -f S16_LE -r 16000 -c 1` writes
public struct RawFormat: Equatable, Sendable {
    /// How a sample is stored.
    package let encoding: SampleEncoding
    /// Frames a second, 1,000…768,000.
    public let sampleRate: Int
    /// Samples in a frame, 1…64.
    public let channels: Int

    package init(_ encoding: SampleEncoding, sampleRate: Int, channels: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// Reads a format as `ENCODING,RATE,CHANNELS`, with arecord's names of encodings.
    ///
    /// - Returns: nil where it is not one.
    public init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let encoding = SampleEncoding(name: parts[0].uppercased()), let rate = Int(parts[1]),
            let channels = Int(parts[2]), Self.rates.contains(rate), Self.channelCounts.contains(channels)
        else { return nil }
        self.init(encoding, sampleRate: rate, channels: channels)
    }

    /// The rates that are read, in Hz.
    package static let rates = 1_000...768_000
    /// The numbers of channels that are read.
    package static let channelCounts = 1...64
    /// The names of the encodings.
    public static var encodings: [String] { SampleEncoding.named.map(\.name) }
}
