import CEmotionSndFile
import Glibc

extension AudioFile {
    /// Throws unless `path` is a readable, non-empty regular file. libsndfile's own messages for these cases are vague,
    /// and it would block on a pipe.
    static func checkIsFile(_ path: String) throws(SoundFileError) {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else {
            let isMissing = errno == ENOENT
            throw SoundFileError(
                path, cannot: "open",
                because: isMissing ? "there is no such file" : unsafe String(cString: strerror(errno)),
                advice: isMissing ? "check the path" : nil)
        }
        switch info.st_mode & S_IFMT {
        case S_IFREG:
            guard info.st_size > 0 else {
                throw SoundFileError(path, cannot: "open", because: "it is empty")
            }
            guard unsafe access(path, R_OK) == 0 else {
                throw SoundFileError(path, cannot: "open", because: "this user may not read it")
            }
        case S_IFDIR:
            throw SoundFileError(path, cannot: "open", because: "it is a folder", advice: "name the files in it")
        default:
            throw SoundFileError(
                path, cannot: "open", because: "it is a pipe or device, not a file",
                advice: "write its sound to a WAV file first")
        }
    }

    /// Throws if the header's format, channels, rate or length are outside of what this program reads.
    static func checkHeader(_ info: SF_INFO, _ path: String, _ mode: ChannelMode) throws(SoundFileError) {
        if let problem = problem(with: info) { throw SoundFileError(path, cannot: "open", because: problem) }
        guard info.channels >= mode.count else {
            throw SoundFileError(
                path, cannot: "split", because: mode.problem(channels: Int(info.channels)),
                advice: "leave --split-channels out, or name a stereo recording")
        }
    }

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

/// libsndfile's message for the latest error of `handle`, or for the latest failure to open a file when it is nil.
func sndfileMessage(_ handle: OpaquePointer?) -> String {
    guard let text = unsafe sf_strerror(handle) else { return "unknown error" }
    var message = unsafe String(cString: text)[...]
    if message.hasPrefix("System error : ") { message = message.dropFirst(15) }
    return String(message.last == "." ? message.dropLast() : message)
}
