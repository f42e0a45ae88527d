import EmotionFiles

/// Writes what was heard to a WAV file: 16 kHz, 32-bit float, mono or more channels, so that ``AudioFile`` gives back the very same bits.
///
/// After each `append` the file on disk is whole and its header right: a killed program loses nothing of what it had
/// appended. Past 4 GiB (18 hours of mono) the header turns into RF64's by itself. One thread at a time uses it.
public final class WAVWriter {
    public let path: String
    public let channels: Int
    /// Frames that the file holds, of a sample of each channel.
    public private(set) var framesWritten = 0
    /// The frame that comes next; beyond `framesWritten` after a `skip`.
    private var position = 0
    private var file: OutputFile

    /// Creates the file; see `FileError` for what can be wrong with `path`.
    ///
    /// - Parameter existing: `.refused`, or `.replaced` where a file that is there already may go.
    public init(path: String, existing: ExistingFilePolicy = .refused, channels: Int = 1) throws(FileError) {
        self.path = path
        self.channels = channels
        file = try Self.create(path, existing, channels)
    }

    /// Writes `samples`, whole frames, after what is there: all of them, or the file stays as it was.
    public func append(_ samples: [Float]) throws(FileError) {
        guard !samples.isEmpty else { return }
        let frames = samples.count / channels
        if file.whereabouts == .removed { try renew() }
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

    /// Leaves `count` frames out: silence, which takes no room on disk, once something follows.
    public func skip(_ count: Int) {
        position += count
    }

    /// Takes away the file that it made, if it holds no sample.
    public func discard() {
        if framesWritten == 0 { file.discard() }
    }

    /// The file was removed: a new one, with silence for what is gone, so that its time is still the stream's.
    private func renew() throws(FileError) {
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
