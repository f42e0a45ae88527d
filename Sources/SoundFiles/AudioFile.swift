import EmotionCore

/// A sound file that is read as 16 kHz samples, in pieces of any size and in memory that does not grow with its length.
///
///     let file = try AudioFile(path: "speech.flac")
///     while case let piece = try file.read(upTo: 16_000), !piece.isEmpty { … }
///
/// libsndfile reads WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF, AU, CAF and more, and the program ffmpeg, where it is
/// installed, m4a, mp4, mkv, webm, wma, amr and others. WAV and bare samples may come through a pipe, as they are written. What
/// else comes through a pipe is kept in a file without a name first. The channels are mixed or split according
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

    private let decoder: any FrameDecoder
    /// Ends the wait for a stream whose writer keeps silent; nil for files.
    package let interrupter: StreamInterrupter?
    /// Whether it is a pipe or another stream that can be read once, as its writer sends it.
    package let isStream: Bool
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

    /// Opens a recording and reads its header.
    ///
    /// - Parameters:
    ///   - path: A regular file, or a pipe, which is read once, as it comes; `-` is standard input.
    ///   - mode: How channels are mixed or split; `.split` refuses a file of one channel. With `.split`, the counts of
    ///     samples of the methods below include both channels.
    ///   - raw: The format of bare samples; nil for a file with a header.
    /// - Throws: A ``SoundFileError`` when there is no such file, or it is not one that this program reads.
    public init(path: String, mode: ChannelMode = .mixed, raw: RawFormat? = nil) throws(SoundFileError) {
        self.path = path
        self.mode = mode
        let opened = try Self.open(path, raw)
        (decoder, interrupter, isStream) = (opened.decoder, opened.interrupter, opened.isStream)
        try Self.check(decoder, path, mode)
        sampleRate = decoder.sampleRate
        channels = decoder.channels
        duration = decoder.framesClaimed.map { Double($0) / Double(opened.decoder.sampleRate) }
        resampler = sampleRate == AudioFormat.sampleRate ? nil : Resampler(from: sampleRate, channels: mode.count)
        let frames = Self.storedSamples / channels
        stored = SampleBuffer(count: frames * channels)
        selected = SampleBuffer(count: frames * mode.count)
        guard resampler != nil || sampleRate == AudioFormat.sampleRate else {
            throw SoundFileError(path, cannot: "convert", because: "there is no memory left")
        }
        if decoder.holdsFloats, !isStream { try findScale() }
    }

    /// What is wrong with the file, as far as it was read, and what was done about it. A file that breaks off is an error
    /// of `read(into:)` instead.
    public var warnings: [SoundWarning] {
        var warnings: [SoundWarning] = []
        if let warning = decoder.headerWarning { warnings.append(warning) }
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
        let frames = unsafe decoder.read(into: stored.samples)
        guard frames > 0 else {
            isAtEnd = true
            failure = decoder.endFailure(after: framesRead)
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

    /// Looks at the samples of the first hour for their scale, and goes back to the first sample.
    private func findScale() throws(SoundFileError) {
        var left = Self.scaledSeconds * sampleRate
        while left > 0 {
            let frames = unsafe decoder.read(into: stored.samples)
            guard frames > 0 else { break }
            unsafe scale.add(stored[0..<frames * channels])
            left -= frames
        }
        factor = scale.factor
        guard decoder.rewind() else {
            throw SoundFileError(path, cannot: "read", because: "its first sample is not found again")
        }
    }
}
