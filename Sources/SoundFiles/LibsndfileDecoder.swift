import CEmotionSndFile
import EmotionCore
import Glibc

/// The decoder of a regular file by libsndfile, with the header mended where its size was never written.
@safe final class LibsndfileDecoder: FrameDecoder {
    let sampleRate: Int
    let channels: Int
    let framesClaimed: Int?
    let headerWarning: SoundWarning?
    var holdsFloats: Bool {
        [SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE].contains { Int32($0) == format & Int32(SF_FORMAT_SUBMASK) }
    }

    private let path: String
    private let handle: OpaquePointer
    /// The file as libsndfile reads it where its header is wrong or it has no name; nil where it reads the file itself.
    private let virtual: VirtualFile?
    /// What the header says of the length; nil for formats of which only libsndfile knows.
    private let stored: StoredSamples?
    /// How an Ogg file ends; nil for other formats.
    private let oggEnd: OggEnd?
    private let format: Int32

    /// Opens a file, whose descriptor it closes, also where it throws.
    ///
    /// - Parameter wasStreamed: Whether it came through a pipe, where a header without a size is no fault.
    init(_ input: SoundInput, size: Int, isNamed: Bool, wasStreamed: Bool) throws(SoundFileError) {
        path = input.path
        let descriptor = input.descriptor
        stored = StoredSamples(descriptor: descriptor, fileSize: size)
        oggEnd = OggEnd(descriptor: descriptor, fileSize: size)
        if let stored, stored.promise != .kept, stored.size > 0 {
            virtual = VirtualFile(descriptor: descriptor, size: size, correction: stored.correction)
        } else if isNamed {
            virtual = nil
            close(descriptor)
        } else {
            virtual = VirtualFile(descriptor: descriptor, size: size)
        }
        var info = SF_INFO()
        let result =
            if let virtual { unsafe virtual.open(&info) } else {
                unsafe sf_open(input.path.cPath, Int32(SFM_READ), &info)
            }
        guard let opened = unsafe result else {
            throw SoundFileError(
                path, cannot: "open",
                because: "\(SoundFileError.unknownFormat) (\(sndfileMessage(nil)))",
                advice:
                    "WAV, FLAC, Ogg Vorbis, Opus and MP3 work, and most others where the program ffmpeg is installed")
        }
        unsafe handle = opened
        (sampleRate, channels) = (Int(info.samplerate), Int(info.channels))
        framesClaimed = info.frames < Int64.max / 2 ? Int(info.frames) : nil
        format = info.format
        let isUnfinished = stored?.promise == .unfinished || oggEnd == .unfinished
        headerWarning =
            isUnfinished && !wasStreamed
            ? SoundWarning(
                .unfinishedHeader, path,
                oggEnd == .unfinished
                    ? "its end was never written: it was read to its last page"
                    : "its header was never finished: it was read to its end") : nil
        if let problem = Self.problem(with: info) { throw SoundFileError(path, cannot: "open", because: problem) }
    }

    deinit {
        unsafe sf_close(handle)
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) -> Int {
        max(0, unsafe Int(sf_readf_float(handle, buffer.baseAddress, Int64(buffer.count / channels))))
    }

    func rewind() -> Bool { unsafe sf_seek(handle, 0, Int32(SEEK_SET)) == 0 }

    func endFailure(after frames: Int) -> SoundFileError? {
        if unsafe sf_error(handle) != 0 {
            let words = unsafe sndfileMessage(handle)
            return SoundFileError(path, cannot: "read on", because: "its data are damaged (\(words))")
        }
        if oggEnd == .broken {
            return SoundFileError(
                path, cannot: "read on",
                because: "it breaks off after \((Double(frames) / Double(sampleRate)).fixed(3)) s, within its last page"
            )
        }
        if let stored, case .broken(let bytes) = stored.promise {
            return SoundFileError.brokenOff(
                path, after: frames, promised: Double(frames) * Double(bytes) / Double(max(1, stored.size)),
                rate: sampleRate)
        }
        // The length of an MP3 or Ogg file is an estimate, to half a second.
        let isExact = format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_FLAC)
        guard let framesClaimed, framesClaimed - frames > (isExact ? 0 : sampleRate / 2) else { return nil }
        return SoundFileError.brokenOff(path, after: frames, promised: Double(framesClaimed), rate: sampleRate)
    }

    private static func problem(with info: SF_INFO) -> String? {
        if info.format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_RAW) {
            return "it holds bare samples without a header that says what they are"
        }
        return info.frames <= 0 ? "it holds no sound" : nil
    }
}

/// libsndfile's message for the latest error of `handle`, or for the latest failure to open a file when it is nil.
private func sndfileMessage(_ handle: OpaquePointer?) -> String {
    guard let text = unsafe sf_strerror(handle) else { return "unknown error" }
    var message = unsafe String(cString: text)[...]
    if message.hasPrefix("System error : ") { message = message.dropFirst(15) }
    return String(message.last == "." ? message.dropLast() : message)
}
