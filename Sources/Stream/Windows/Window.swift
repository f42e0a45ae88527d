/// One window of the stream, anchored at its sample indices.
public struct Window: Sendable {
    /// Index of the first sample in the stream.
    public let start: Int
    /// Index past the last sample in the stream.
    public let end: Int
    /// The samples; fewer than a full window only for a recording shorter than one.
    public let samples: [Float]
    /// Share of the window (0…1) in which the voice activity detector heard speech.
    public let speech: Float
    /// The same share of the window's newest second; of a source's first window, which shows what no window before it could,
    /// that of all of it.
    public let recentSpeech: Float
    /// Where in `samples` it heard it: its chunks that lie whole in the window, neighbours joined, ascending.
    public let spoken: [Range<Int>]
    /// Root mean square over the window, dBFS.
    public let level: Float
}
