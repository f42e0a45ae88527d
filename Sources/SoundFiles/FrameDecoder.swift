import EmotionCore

/// What makes frames of the bytes of a recording. One thread at a time uses it.
protocol FrameDecoder: AnyObject {
    /// Frames a second.
    var sampleRate: Int { get }
    /// Samples in a frame.
    var channels: Int { get }
    /// The frames that the header claims, which may be wrong; nil where it claims none.
    var framesClaimed: Int? { get }
    /// Whether samples are stored as floating-point numbers, which have any scale.
    var holdsFloats: Bool { get }
    /// What is wrong with the header.
    var headerWarning: SoundWarning? { get }

    /// Reads the next frames as floats, interleaved, at full scale ±1.
    ///
    /// - Returns: How many, at most those that `buffer` has room for; 0 at the end.
    func read(into buffer: UnsafeMutableBufferPointer<Float>) -> Int

    /// Goes back to the first frame; returns false where that is not possible.
    func rewind() -> Bool

    /// The error of data that are damaged or end early, once `read` has returned 0; nil where all is well.
    func endFailure(after frames: Int) -> SoundFileError?
}

extension SoundFileError {
    /// The beginning of the problem of a file that libsndfile does not know.
    static let unknownFormat = "it is no sound file that this program reads"

    /// Whether another decoder may know the file.
    var isOfUnknownFormat: Bool { problem.hasPrefix(Self.unknownFormat) }

    /// The error of a file that ends before its promised end; nil where it does not.
    static func brokenOff(_ path: String, after frames: Int, promised: Double, rate: Int) -> SoundFileError? {
        guard promised >= Double(frames + 1) else { return nil }
        let (read, whole) = (Double(frames) / Double(rate), min(promised / Double(rate), 1e12))
        return SoundFileError(
            path, cannot: "read on",
            because: "it breaks off after \(read.fixed(3)) s, and its header promises \(whole.fixed(3)) s",
            advice: "`ffmpeg -i FILE out.wav` saves what there is")
    }
}
