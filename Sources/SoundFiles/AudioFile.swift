import CEmotionSndFile
import EmotionCore
import Glibc

/// A sound file that is read as 16 kHz samples, in pieces of any size and in memory that does not grow with its length.
///
///     let file = try AudioFile(path: "speech.flac")
///     while case let piece = try file.read(upTo: 16_000), !piece.isEmpty { … }
///
/// libsndfile reads WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF, AU, CAF and more. The channels are mixed or split according
/// to the ``ChannelMode``, and other rates are converted to 16 kHz. A file at 16 kHz is read bit for bit if it is mono
/// or split. A stored sample that is NaN, infinite or beyond ±1000 is read as 0.
///
/// An `AudioFile` is not `Sendable`: one thread at a time reads it.
@safe public final class AudioFile {
    /// The path as it was given.
    public let path: String
    /// The rate of the stored samples, in Hz.
    public let sampleRate: Int
    /// The number of stored channels, 1 to 64.
    public let channels: Int
    /// The length in seconds that the header claims, which may be wrong; nil when it claims none.
    public let duration: Double?

    private let handle: OpaquePointer
    private let resampler: Resampler?
    private let mode: ChannelMode
    /// A buffer of frames as stored in the file.
    private let stored: SampleBuffer
    /// A buffer of the same frames, mixed or split.
    private let selected: SampleBuffer
    /// The samples of `selected` that `read` has not returned yet.
    private var pending = 0..<0
    private var isAtEnd = false
    private var framesRead = 0
    private let framesClaimed: Int
    /// The reason why the file ended early; thrown once all readable samples have been returned.
    private var failure: SoundFileError?

    /// The maximum number of samples in `stored`: 128 KiB, whatever the number of channels.
    private static let storedSamples = 32_768

    /// Opens a file and reads its header.
    ///
    /// - Parameters:
    ///   - path: A regular file; pipes and devices are refused.
    ///   - mode: How channels are mixed or split; `.split` refuses a file of one channel. With `.split`, the counts of
    ///     samples of the methods below include both channels.
    /// - Throws: A ``SoundFileError`` when there is no such file, or it is not one that this program reads.
    public init(path: String, mode: ChannelMode = .mixed) throws(SoundFileError) {
        self.path = path
        self.mode = mode
        try Self.checkIsFile(path)
        var info = SF_INFO()
        guard let opened = unsafe sf_open(path, Int32(SFM_READ), &info) else {
            throw SoundFileError(
                path, cannot: "open",
                because: "it is no sound file that this program reads (\(sndfileMessage(nil)))",
                advice: "WAV, FLAC, Ogg Vorbis, Opus and MP3 work; `ffmpeg -i FILE out.wav` converts most others")
        }
        unsafe handle = opened
        do throws(SoundFileError) {
            try Self.checkHeader(info, path, mode)
        } catch {
            unsafe sf_close(opened)
            throw error
        }
        sampleRate = Int(info.samplerate)
        channels = Int(info.channels)
        framesClaimed = Int(info.frames)
        duration = info.frames < Int64.max / 2 ? Double(info.frames) / Double(info.samplerate) : nil
        resampler = sampleRate == AudioFormat.sampleRate ? nil : Resampler(from: sampleRate, channels: mode.count)
        let frames = Self.storedSamples / channels
        stored = SampleBuffer(count: frames * channels)
        selected = SampleBuffer(count: frames * mode.count)
        // All properties are set, so from here on deinit closes the file.
        guard resampler != nil || sampleRate == AudioFormat.sampleRate else {
            throw SoundFileError(path, cannot: "convert", because: "there is no memory left")
        }
    }

    deinit {
        unsafe sf_close(handle)
    }

    /// Reads the next samples into `output`, whose size is a whole number of frames.
    ///
    /// - Returns: The number of samples written to the start of `output`: less than its size only at the end of the
    ///   file, and 0 after it.
    /// - Throws: A ``SoundFileError`` when the file is damaged or cut off, after all readable samples have been
    ///   returned.
    public func read(into output: UnsafeMutableBufferPointer<Float>) throws(SoundFileError) -> Int {
        precondition(output.count.isMultiple(of: mode.count))
        var filled = 0
        while filled < output.count {
            if pending.isEmpty && !isAtEnd { refill() }
            let room = unsafe UnsafeMutableBufferPointer(rebasing: output[filled...])
            let count = unsafe resampler == nil ? copy(into: room) : convert(into: room)
            if count == 0 && pending.isEmpty && isAtEnd { break }
            filled += count
        }
        if filled == 0, let failure {
            self.failure = nil
            throw failure
        }
        return filled
    }

    /// Reads the next samples, at most `count`; the result is empty at the end of the file.
    ///
    /// - Throws: As `read(into:)`.
    public func read(upTo count: Int) throws(SoundFileError) -> [Float] {
        var failure: SoundFileError?
        let samples = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SoundFileError) {
                unsafe filled = try read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return samples
    }

    // MARK: Steps

    private func refill() {
        let room = Int64(Self.storedSamples / channels)
        let frames = unsafe Int(sf_readf_float(handle, stored.samples.baseAddress, room))
        guard frames > 0 else {
            isAtEnd = true
            failure = endFailure()
            return
        }
        framesRead += frames
        switch mode {
        case .mixed: mix(frames)
        case .split: split(frames)
        }
        pending = 0..<frames * mode.count
    }

    private func mix(_ frames: Int) {
        let scale = 1 / Float(channels)
        for frame in 0..<frames {
            var sum: Float = 0
            for channel in 0..<channels { unsafe sum += stored.samples[frame * channels + channel].validSample }
            unsafe selected.samples[frame] = channels == 1 ? sum : sum * scale
        }
    }

    private func split(_ frames: Int) {
        for frame in 0..<frames {
            for channel in 0..<mode.count {
                let sample = unsafe stored.samples[frame * channels + channel].validSample
                unsafe selected.samples[frame * mode.count + channel] = sample
            }
        }
    }

    private func copy(into room: UnsafeMutableBufferPointer<Float>) -> Int {
        let count = min(room.count, pending.count)
        _ = unsafe room.update(fromContentsOf: selected[pending.prefix(count)])
        pending = pending.dropFirst(count)
        return count
    }

    private func convert(into room: UnsafeMutableBufferPointer<Float>) -> Int {
        guard let resampler else { return 0 }
        let (consumed, produced) = unsafe resampler.process(selected[pending], into: room, isLast: isAtEnd)
        pending = pending.dropFirst(consumed)
        return produced
    }

    /// The error of a file with damaged data, or one that ends more than half a second before the length in its header;
    /// else nil.
    private func endFailure() -> SoundFileError? {
        if unsafe sf_error(handle) != 0 {
            let words = unsafe sndfileMessage(handle)
            return SoundFileError(path, cannot: "read on", because: "its data are damaged (\(words))")
        }
        guard let duration, framesClaimed - framesRead > sampleRate / 2 else { return nil }
        let seconds = framesRead / sampleRate
        return SoundFileError(
            path, cannot: "read on",
            because: "it breaks off after \(seconds) s, and its header promises \(Int(min(duration, 1e12))) s",
            advice: "`ffmpeg -i FILE out.wav` saves what there is")
    }
}
