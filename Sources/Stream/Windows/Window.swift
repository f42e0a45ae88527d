/// A window of the stream, identified by its sample indices.
package struct Window: Sendable {
    /// Stream index of the first sample.
    package let start: Int
    /// Stream index after the last sample.
    package let end: Int
    /// The samples; fewer than a full window only where the source is shorter than one.
    package let samples: [Float]
    /// Share of the window (0…1) in which the voice activity detector found speech.
    package let speech: Float
    /// Share of speech (0…1) in the window's newest second; for the first window of a source, in all of it, because no
    /// earlier window covers its beginning.
    package let recentSpeech: Float
    /// Ranges of `samples` with speech: whole chunks of the detector, adjacent ones joined, ascending.
    package let spoken: [Range<Int>]
    /// The same ranges by voice; empty where speakers are not told apart.
    package let voices: [SpeakerStretch]
    /// Root mean square over the window, dBFS.
    package let level: Float
}
