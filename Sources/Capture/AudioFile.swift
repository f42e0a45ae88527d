import CEmotionSndFile
import EmotionCore
import Glibc

/// A recording, read as 16 kHz mono, or two channels, in pieces of any size, in bounded memory whatever its length.
///
///     let file = try AudioFile(path: "speech.flac")
///     while case let piece = try file.read(upTo: 16_000), !piece.isEmpty { … }
///
/// libsndfile reads WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF, AU, CAF and more. Channels are mixed to mono by their mean
/// (see ``ChannelMode``), other rates converted by ``Resampler``; at 16 kHz, mono or split, the samples come out as they are, bit for bit. What is no
/// sound in a floating-point file (NaN, infinities, values beyond ±1000) reads as 0 and is counted.
///
/// Not `Sendable`: one thread at a time reads it.
@safe public final class AudioFile {
    public let path: String
    /// Hz, as stored.
    public let sampleRate: Int
    /// As stored, 1 to 64.
    public let channels: Int
    /// Seconds by the file's header, which may lie; nil when it does not say.
    public let duration: Double?
    /// Stored samples that were no sound and read as 0.
    public private(set) var samplesReplaced = 0

    private let handle: OpaquePointer
    private let resampler: Resampler?
    private let mode: ChannelMode
    private let interleaved: SampleBuffer
    /// Frames of the channels that come out.
    private let chosen: SampleBuffer
    /// What of `chosen` is read from the file and not yet given out.
    private var pending = 0..<0
    private var isAtEnd = false
    private var framesRead = 0
    private let framesClaimed: Int
    /// Why the file ended too early; thrown once all that could be read was given out.
    private var failure: CaptureError?

    /// Opens `path` and reads its header.
    ///
    /// - Parameter mode: With `.split`, a file that has one channel is refused, and all counts of samples below are of
    ///   both channels together.
    public init(path: String, mode: ChannelMode = .mixed) throws(CaptureError) {
        self.path = path
        self.mode = mode
        try Self.checkIsFile(path)
        var info = SF_INFO()
        guard let opened = unsafe sf_open(path, Int32(SFM_READ), &info) else {
            throw CaptureError(
                .inputFile, path, cannot: "open",
                because: "it is no sound file this program reads (\(sndfileText(nil)))",
                advice: "WAV, FLAC, Ogg Vorbis, Opus and MP3 work; `ffmpeg -i FILE out.wav` converts most others")
        }
        unsafe handle = opened
        do throws(CaptureError) {
            if let problem = Self.problem(with: info) {
                throw CaptureError(.inputFile, path, cannot: "open", because: problem)
            }
            if info.channels < mode.count {
                throw CaptureError(.inputFile, path, tooFewChannels: Int(info.channels))
            }
        } catch {
            unsafe sf_close(opened)
            throw error
        }
        sampleRate = Int(info.samplerate)
        channels = Int(info.channels)
        framesClaimed = Int(info.frames)
        duration = info.frames < Int64.max / 2 ? Double(info.frames) / Double(info.samplerate) : nil
        resampler = sampleRate == AudioFormat.sampleRate ? nil : Resampler(from: sampleRate, channels: mode.count)
        // About 128 KiB whatever the number of channels.
        let frames = 32_768 / channels
        interleaved = SampleBuffer(count: frames * channels)
        chosen = SampleBuffer(count: frames * mode.count)
        // From here on deinit closes the file.
        guard resampler != nil || sampleRate == AudioFormat.sampleRate else {
            throw CaptureError(.inputFile, path, cannot: "convert", because: "there is no memory left")
        }
    }

    deinit {
        unsafe sf_close(handle)
    }

    /// Fills `output`, which holds whole frames, from the start with the samples that follow.
    ///
    /// - Returns: How many; fewer than there is room for, and then 0, at the end only.
    /// - Throws: When the file breaks off or its data make no sense, after all that could be read was given out.
    public func read(into output: UnsafeMutableBufferPointer<Float>) throws(CaptureError) -> Int {
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

    /// The next samples, `count` of them at most; empty at the end.
    public func read(upTo count: Int) throws(CaptureError) -> [Float] {
        var failure: CaptureError?
        let samples = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(CaptureError) {
                unsafe filled = try read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return samples
    }

    /// All that is left of the file, which costs 64 kB a second.
    ///
    /// - Parameter limit: Seconds; a longer file is refused rather than filling the memory.
    public func readAll(limit: Double = 3600) throws(CaptureError) -> [Float] {
        let most = Int(limit * Double(AudioFormat.sampleRate)) * mode.count
        var samples: [Float] = []
        if let duration, duration < limit {
            samples.reserveCapacity((Int(duration * Double(AudioFormat.sampleRate)) + 16) * mode.count)
        }
        while true {
            let piece = try read(upTo: AudioFormat.sampleRate)
            if piece.isEmpty { return samples }
            samples += piece
            guard samples.count <= most else {
                throw CaptureError(
                    .inputFile, path, cannot: "read", because: "it is longer than \(limit) s",
                    advice: "cut it into pieces, or replay it")
            }
        }
    }

    // MARK: Steps

    private func refill() {
        let room = Int64(interleaved.count / channels)
        let frames = unsafe Int(sf_readf_float(handle, interleaved.samples.baseAddress, room))
        guard frames > 0 else {
            isAtEnd = true
            failure = reasonForEnd()
            return
        }
        framesRead += frames
        switch mode {
        case .mixed: mix(frames)
        case .split: pick(frames)
        }
        pending = 0..<frames * mode.count
    }

    private func mix(_ frames: Int) {
        let scale = 1 / Float(channels)
        for frame in 0..<frames {
            var sum: Float = 0
            for channel in 0..<channels { sum += sound(frame, channel) }
            unsafe chosen.samples[frame] = channels == 1 ? sum : sum * scale
        }
    }

    private func pick(_ frames: Int) {
        for frame in 0..<frames {
            for channel in 0..<mode.count {
                unsafe chosen.samples[frame * mode.count + channel] = sound(frame, channel)
            }
        }
    }

    private func sound(_ frame: Int, _ channel: Int) -> Float {
        let stored = unsafe interleaved.samples[frame * channels + channel]
        let sound = soundOrZero(stored)
        if sound != stored { samplesReplaced += 1 }
        return sound
    }

    /// What was wrong with the end; nil for a file that ended as its header said it would, to half a second.
    private func reasonForEnd() -> CaptureError? {
        if unsafe sf_error(handle) != 0 {
            let words = unsafe sndfileText(handle)
            return CaptureError(.inputFile, path, cannot: "read on", because: "its data are damaged (\(words))")
        }
        guard let duration, framesClaimed - framesRead > sampleRate / 2 else { return nil }
        let seconds = framesRead / sampleRate
        return CaptureError(
            .inputFile, path, cannot: "read on",
            because: "it breaks off after \(seconds) s, and its header promises \(Int(min(duration, 1e12))) s",
            advice: "`ffmpeg -i FILE out.wav` saves what there is")
    }

    private func copy(into room: UnsafeMutableBufferPointer<Float>) -> Int {
        let count = min(room.count, pending.count)
        _ = unsafe room.update(fromContentsOf: chosen[pending.prefix(count)])
        pending = pending.dropFirst(count)
        return count
    }

    private func convert(into room: UnsafeMutableBufferPointer<Float>) -> Int {
        guard let resampler else { return 0 }
        let (consumed, produced) = unsafe resampler.process(chosen[pending], into: room, isLast: isAtEnd)
        pending = pending.dropFirst(consumed)
        return produced
    }

    // MARK: Checks

    /// Before libsndfile looks: its own words for these are of little help, and a pipe would make it wait.
    private static func checkIsFile(_ path: String) throws(CaptureError) {
        var about = stat()
        guard unsafe stat(path, &about) == 0 else {
            let isMissing = errno == ENOENT
            throw CaptureError(
                .inputFile, path, cannot: "open",
                because: isMissing ? "there is no such file" : unsafe String(cString: strerror(errno)),
                advice: isMissing ? "check the path" : nil)
        }
        switch about.st_mode & S_IFMT {
        case S_IFREG:
            guard about.st_size > 0 else {
                throw CaptureError(.inputFile, path, cannot: "open", because: "it is empty")
            }
            guard unsafe access(path, R_OK) == 0 else {
                throw CaptureError(.inputFile, path, cannot: "open", because: "this user may not read it")
            }
        case S_IFDIR:
            throw CaptureError(
                .inputFile, path, cannot: "open", because: "it is a folder", advice: "name the files in it")
        default:
            throw CaptureError(
                .inputFile, path, cannot: "open", because: "it is a pipe or device, not a file",
                advice: "write its sound to a WAV file first")
        }
    }

    /// What a header may claim and we refuse.
    private static func problem(with info: SF_INFO) -> String? {
        if info.format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_RAW) {
            return "it holds bare samples without a header that says what they are"
        }
        if !(1...64).contains(info.channels) { return "it claims \(info.channels) channels, and 1 to 64 work" }
        if !(1_000...768_000).contains(info.samplerate) {
            return "it claims \(info.samplerate) Hz, and 1000 to 768000 work"
        }
        if info.frames <= 0 { return "it holds no sound" }
        return nil
    }
}

/// libsndfile's words for the latest error of a file, or of the latest failure to open one.
func sndfileText(_ handle: OpaquePointer?) -> String {
    guard let text = unsafe sf_strerror(handle) else { return "unknown error" }
    var words = unsafe String(cString: text)[...]
    if words.hasPrefix("System error : ") { words = words.dropFirst(15) }
    return String(words.last == "." ? words.dropLast() : words)
}
