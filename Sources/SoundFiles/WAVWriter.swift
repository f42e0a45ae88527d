import EmotionFiles

/// A WAV file that grows while sound is captured: 16 kHz, 32-bit float, interleaved channels.
///
/// ``AudioFile`` reads back the samples bit for bit. After each `append` the file is complete and its header correct,
/// so a process that is killed loses none of the samples that it had appended. Beyond 4 GiB (18.6 hours of mono) the
/// header is that of RF64. One thread at a time may use a writer.
public final class WAVWriter {
    /// The path as it was given.
    public let path: String
    /// The number of samples in a frame.
    public let channels: Int
    /// The number of frames in the file.
    public private(set) var framesWritten = 0
    /// The frame at which the next `append` begins; beyond `framesWritten` after a `skip`.
    private var position = 0
    private var file: OutputFile

    /// The size of the file in bytes, its header included.
    package var size: Int { WAVHeader.size + framesWritten * channels * WAVHeader.sampleSize }

    /// Creates the file.
    ///
    /// - Parameter existing: `.refused`, or `.replaced` to overwrite a file that exists.
    /// - Throws: A `FileError` when the file exists, is not a regular file or cannot be written.
    public init(path: String, existing: ExistingFilePolicy = .refused, channels: Int = 1) throws(FileError) {
        self.path = path
        self.channels = channels
        file = try Self.create(path, existing, channels)
    }

    /// Writes `samples`, whole frames, at the end of the file; when it throws, the file is as it was before.
    public func append(_ samples: [Float]) throws(FileError) {
        guard !samples.isEmpty else { return }
        let frames = samples.count / channels
        if file.status == .removed { try recreate() }
        let before = try file.size()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * WAVHeader.sampleSize)
        for sample in samples {
            let bits = sample.bitPattern
            bytes += [UInt8(bits & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits >> 16 & 0xFF), UInt8(bits >> 24)]
        }
        try file.write(bytes, at: WAVHeader.size + position * channels * WAVHeader.sampleSize)
        do throws(FileError) {
            try file.write(WAVHeader.bytes(frames: position + frames, channels: channels), at: 0)
        } catch {
            try file.truncate(to: before)
            throw error
        }
        position += frames
        framesWritten = position
    }

    /// Skips `count` frames. They read as silence once further frames are appended, and take no room on disk.
    public func skip(_ count: Int) {
        position += count
    }

    /// Deletes the file if it holds no sample.
    public func discard() {
        if framesWritten == 0 { file.discard() }
    }

    /// Creates the file again after it was deleted. The lost frames read as silence, so later frames keep their times.
    private func recreate() throws(FileError) {
        file = try Self.create(path, .refused, channels)
        framesWritten = 0
    }

    private static func create(_ path: String, _ existing: ExistingFilePolicy, _ channels: Int) throws(FileError)
        -> OutputFile
    {
        let file = try OutputFile(path, existing: existing)
        guard file.isRegular else {
            throw FileError(
                path, cannot: "save sound to", because: "it is no regular file", advice: "give the name of one")
        }
        do throws(FileError) {
            try file.append(WAVHeader.bytes(frames: 0, channels: channels))
        } catch {
            file.discard()
            throw error
        }
        return file
    }
}
