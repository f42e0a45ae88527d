/// Something wrong with a recording that was read nevertheless: what is wrong, and what was done about it.
public struct SoundWarning: Equatable, Sendable {
    /// The kinds of what can be wrong.
    public enum Kind: Equatable, Sendable {
        /// The file holds less sound than its header promises, or its data are damaged from some place on.
        case brokenOff
        /// The header was never finished, as where a recorder was killed; the file was read to its end.
        case unfinishedHeader
        /// Stored samples are NaN, infinite or beyond ±1000; they were read as silence.
        case invalidSamples
        /// Floats have the scale of integers, such as ±32768; they were scaled to ±1.
        case integerScale
        /// The channels cancel one another out where they are mixed; one channel was read there.
        case cancelledChannels
    }

    public let kind: Kind
    /// The recording's path as it was given; nil for samples.
    public let path: String?
    /// What is wrong and what was done, in a sentence without the path.
    public let text: String

    package init(_ kind: Kind, _ path: String?, _ text: String) {
        self.kind = kind
        self.path = path
        self.text = text
    }

    /// Whether sound of the recording is missing in what was read.
    public var losesSound: Bool { kind == .brokenOff || kind == .invalidSamples }
}

extension SoundWarning: CustomStringConvertible {
    /// One line, such as `"talk.wav": its header was never finished: it was read to its end`.
    public var description: String { printable(path.map { "\"\($0)\": \(text)" } ?? text) }
}
