import EmotionFiles

/// Somewhere that the sound of a session goes. Called on the session's queue only, in the order of the stream.
package protocol AudioSink: AnyObject, Sendable {
    /// The file's path, for messages.
    var path: String { get }

    /// Takes the stream's next samples, whole frames at 16 kHz; zeros stand where some were lost.
    ///
    /// - Throws: When it kept none of them. Its own time must go on by their length all the same: the session calls
    ///   again with the samples that follow, and reports the gap as a row once some are kept.
    func write(_ samples: [Float]) throws(FileError)
}
