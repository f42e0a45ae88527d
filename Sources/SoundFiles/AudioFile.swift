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
/// or split.
///
/// What is wrong with a file, and what was done about it, is in ``warnings``: a stored sample that is NaN, infinite or
/// beyond ±1000 is read as 0; floats in the scale of integers are scaled to ±1; where channels cancel one another out, one
/// of them is read in place of their mean; a file whose header was never finished is read to its end.
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
    /// The file as libsndfile reads it where its header is wrong; nil where it reads the file itself.
    private let corrected: CorrectedFile?
    /// What the header says of the length; nil for formats of which only libsndfile knows.
    private let promise: StoredSamples.Promise?
    /// The bytes of samples in the file, where `promise` is known.
    private let storedBytes: Int
    private let format: Int32
    private var scale = StoredScale()
    /// The factor that brings stored samples to full scale ±1.
    private var factor: Float = 1
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
    /// The frames whose channels cancel one another out.
    private var framesCancelled = 0
    /// The stored samples that are NaN, infinite or beyond ±`greatestSample`.
    private var invalidSamples = 0
    /// The reason why the file ended early; thrown once all readable samples have been returned.
    private var failure: SoundFileError?

    /// The maximum number of samples in `stored`: 128 KiB, whatever the number of channels.
    private static let storedSamples = 32_768
    /// The seconds of a file of floats that are looked at for their scale, an hour.
    private static let scaledSeconds = 3600
    /// Channels are compared over a quarter of a second at a time.
    private static let comparisonsPerSecond = 4

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
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        let size = unsafe descriptor >= 0 && fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        let found = StoredSamples(descriptor: descriptor, fileSize: size)
        promise = found?.promise
        storedBytes = found?.size ?? 0
        if let found, found.promise != .kept, found.size > 0 {
            corrected = CorrectedFile(descriptor: descriptor, size: size, correction: found.correction)
        } else {
            corrected = nil
            if descriptor >= 0 { close(descriptor) }
        }
        var info = SF_INFO()
        let result =
            if let corrected { unsafe corrected.open(&info) } else { unsafe sf_open(path, Int32(SFM_READ), &info) }
        guard let opened = unsafe result else {
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
        format = info.format
        duration = info.frames < Int64.max / 2 ? Double(info.frames) / Double(info.samplerate) : nil
        resampler = sampleRate == AudioFormat.sampleRate ? nil : Resampler(from: sampleRate, channels: mode.count)
        let frames = Self.storedSamples / channels
        stored = SampleBuffer(count: frames * channels)
        selected = SampleBuffer(count: frames * mode.count)
        // All properties are set, so from here on deinit closes the file.
        guard resampler != nil || sampleRate == AudioFormat.sampleRate else {
            throw SoundFileError(path, cannot: "convert", because: "there is no memory left")
        }
        if holdsFloats { try findScale() }
    }

    deinit {
        unsafe sf_close(handle)
    }

    /// What is wrong with the file, as far as it was read, and what was done about it. A file that breaks off is an error
    /// of `read(into:)` instead.
    public var warnings: [SoundWarning] {
        var warnings: [SoundWarning] = []
        if promise == .unfinished {
            warnings.append(
                SoundWarning(.unfinishedHeader, path, "its header was never finished: it was read to its end"))
        }
        if let warning = scale.warning(path) { warnings.append(warning) }
        if invalidSamples > 0 {
            warnings.append(
                SoundWarning(
                    .invalidSamples, path,
                    "\(invalidSamples) of its \(framesRead * (mode == .mixed ? channels : mode.count)) samples "
                        + "are NaN, infinite or beyond ±\(Int(Float.greatestSample)): they were read as silence"))
        }
        if framesCancelled > 0 {
            let seconds = (Double(framesCancelled) / Double(sampleRate)).fixed(2)
            warnings.append(
                SoundWarning(
                    .cancelledChannels, path,
                    "its channels cancel one another out for \(seconds) s: one of them was read there, not their mean"))
        }
        return warnings
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
        let size = max(1, sampleRate / Self.comparisonsPerSecond)
        for start in stride(from: 0, to: frames, by: size) { mix(start..<min(start + size, frames)) }
    }

    /// Takes the mean of the channels, or one of them where the mean is nothing.
    private func mix(_ frames: Range<Int>) {
        let scale = 1 / Float(channels)
        var (mixed, power) = (0.0, 0.0)
        for frame in frames {
            var (sum, squares): (Float, Float) = (0, 0)
            for channel in 0..<channels {
                let sample = sample(frame, channel)
                sum += sample
                squares += sample * sample
            }
            let mean = channels == 1 ? sum : sum * scale
            unsafe selected.samples[frame] = mean
            mixed += Double(mean * mean)
            power += Double(squares * scale)
        }
        guard channels > 1, ChannelCancellation.isThere(mixed: mixed, power: power, frames: frames.count) else {
            return
        }
        framesCancelled += frames.count
        let powers = (0..<channels).map { channel in
            frames.reduce(0.0) { sum, frame in
                let sample = unsafe (stored.samples[frame * channels + channel] * factor).validSample
                return sum + Double(sample * sample)
            }
        }
        // The first of the loud channels, so that channels that are as loud do not take turns.
        let channel = powers.firstIndex { $0 >= (powers.max() ?? 0) / 2 } ?? 0
        for frame in frames {
            unsafe selected.samples[frame] = (stored.samples[frame * channels + channel] * factor).validSample
        }
    }

    /// A stored sample at full scale ±1, which is counted where it is invalid.
    private func sample(_ frame: Int, _ channel: Int) -> Float {
        let stored = unsafe stored.samples[frame * channels + channel] * factor
        let sample = stored.validSample
        if sample != stored { invalidSamples += 1 }
        return sample
    }

    private func split(_ frames: Int) {
        for frame in 0..<frames {
            for channel in 0..<mode.count {
                unsafe selected.samples[frame * mode.count + channel] = sample(frame, channel)
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

    /// Whether samples are stored as floating-point numbers, which have any scale.
    private var holdsFloats: Bool {
        [SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE].contains { Int32($0) == format & Int32(SF_FORMAT_SUBMASK) }
    }

    /// Looks at the samples of the first hour for their scale, and goes back to the first sample.
    private func findScale() throws(SoundFileError) {
        let room = Int64(Self.storedSamples / channels)
        var left = Self.scaledSeconds * sampleRate
        while left > 0 {
            let frames = unsafe Int(sf_readf_float(handle, stored.samples.baseAddress, room))
            guard frames > 0 else { break }
            unsafe scale.add(stored[0..<frames * channels])
            left -= frames
        }
        factor = scale.factor
        guard unsafe sf_seek(handle, 0, Int32(SEEK_SET)) == 0 else {
            throw SoundFileError(path, cannot: "read", because: unsafe sndfileMessage(handle))
        }
    }

    /// The error of a file with damaged data, or of one that ends before the length in its header; else nil.
    private func endFailure() -> SoundFileError? {
        if unsafe sf_error(handle) != 0 {
            let words = unsafe sndfileMessage(handle)
            return SoundFileError(path, cannot: "read on", because: "its data are damaged (\(words))")
        }
        if case .broken(let bytes) = promise {
            return brokenOff(promised: Double(framesRead) * Double(bytes) / Double(max(1, storedBytes)))
        }
        // The length of an MP3 or Ogg file is an estimate, to half a second.
        let isExact = format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_FLAC)
        guard duration != nil, framesClaimed - framesRead > (isExact ? 0 : sampleRate / 2) else { return nil }
        return brokenOff(promised: Double(framesClaimed))
    }

    private func brokenOff(promised frames: Double) -> SoundFileError? {
        guard frames >= Double(framesRead + 1) else { return nil }
        let (read, promised) = (Double(framesRead) / Double(sampleRate), min(frames / Double(sampleRate), 1e12))
        return SoundFileError(
            path, cannot: "read on",
            because: "it breaks off after \(read.fixed(3)) s, and its header promises \(promised.fixed(3)) s",
            advice: "`ffmpeg -i FILE out.wav` saves what there is")
    }
}
