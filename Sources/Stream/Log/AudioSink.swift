import EmotionFiles

/// A destination for the sound of a session. Called on the session's queue only, in stream order.
package protocol AudioSink: AnyObject, Sendable {
    /// The file's path, for messages.
    var path: String { get }

    /// Writes the next samples of the stream: whole frames at 16 kHz, with zeros in the place of lost samples.
    ///
    /// - Throws: Where it kept none of the samples. The sink still advances its own time by their length: the session
    ///   calls again with the samples that follow, and reports the gap as a row once some are kept.
    func write(_ samples: [Float]) throws(FileError)
}
