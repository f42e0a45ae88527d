/// One window of the stream, anchored at its sample indices.
package struct Window: Sendable {
    /// Index of the first sample in the stream.
    package let start: Int
    /// Index past the last sample in the stream.
    package let end: Int
    /// The samples; fewer than a full window only for a recording shorter than one.
    package let samples: [Float]
    /// Share of the window (0…1) in which the voice activity detector heard speech.
    package let speech: Float
    /// The same share of the window's newest second; of a source's first window, which shows what no window before it could,
    /// that of all of it.
    package let recentSpeech: Float
    /// Where in `samples` it heard it: its chunks that lie whole in the window, neighbours joined, ascending.
    package let spoken: [Range<Int>]
    /// Root mean square over the window, dBFS.
    package let level: Float
}
