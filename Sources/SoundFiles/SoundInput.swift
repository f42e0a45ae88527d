import EmotionCore
import Glibc

/// A recording that is open: a regular file, or a stream that can be read once, such as a pipe.
struct SoundInput {
    enum Kind {
        /// A regular file of so many bytes; `isNamed` where its path leads to it.
        case file(size: Int, isNamed: Bool)
        case stream
    }

    let path: String
    let kind: Kind
    /// Open for reading; whoever takes the input closes it.
    let descriptor: Int32

    /// Opens a path; `-` is standard input.
    ///
    /// A pipe with a name is opened once it has a writer.
    init(_ path: String) throws(SoundFileError) {
        let isStandard = Self.isStandard(path)
        var info = stat()
        guard unsafe (isStandard ? fstat(STDIN_FILENO, &info) : stat(path.cPath, &info)) == 0 else {
            let isMissing = errno == ENOENT
            throw SoundFileError(
                path, cannot: "open",
                because: isMissing ? "there is no such file" : unsafe String(cString: strerror(errno)),
                advice: isMissing ? "check the path" : nil)
        }
        self.path = path
        kind = try Self.kind(of: info, path, isStandard)
        descriptor =
            unsafe isStandard
            ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path.cPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let denied = errno == EACCES
            throw SoundFileError(
                path, cannot: "open",
                because: denied ? "this user may not read it" : unsafe String(cString: strerror(errno)))
        }
    }

    /// The same input with a descriptor of its own; nil where there is none left.
    func duplicate() -> SoundInput? {
        let second = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        return second < 0 ? nil : SoundInput(path: path, kind: kind, descriptor: second)
    }

    func close() {
        Glibc.close(descriptor)
    }

    private init(path: String, kind: Kind, descriptor: Int32) {
        (self.path, self.kind, self.descriptor) = (path, kind, descriptor)
    }

    private static func isStandard(_ path: String) -> Bool {
        [AudioFile.standardInput, "/dev/stdin", "/dev/fd/0"].contains(path)
    }

    /// Whether a path leads to a stream, which is gone once it was read.
    static func isStream(_ path: String) -> Bool {
        var info = stat()
        guard unsafe (isStandard(path) ? fstat(STDIN_FILENO, &info) : stat(path.cPath, &info)) == 0 else {
            return false
        }
        return [S_IFIFO, S_IFSOCK].contains(info.st_mode & S_IFMT)
    }

    private static func kind(of info: stat, _ path: String, _ isStandard: Bool) throws(SoundFileError) -> Kind {
        switch info.st_mode & S_IFMT {
        case S_IFREG:
            guard info.st_size > 0 else { throw SoundFileError(path, cannot: "open", because: "it is empty") }
            return .file(size: Int(info.st_size), isNamed: !isStandard)
        case S_IFIFO, S_IFSOCK: return .stream
        case S_IFDIR:
            throw SoundFileError(path, cannot: "open", because: "it is a folder", advice: "name the files in it")
        default:
            guard isStandard else {
                throw SoundFileError(
                    path, cannot: "open", because: "it is a device, not a file or a pipe",
                    advice: "-D of watch and record names a microphone")
            }
            throw SoundFileError(
                path, cannot: "open", because: "no sound is sent to it",
                advice: "send some, as in: arecord -q -f S16_LE -r 16000 -c 1 | emoscope watch -")
        }
    }

    /// Copies a stream to a file without a name, which is gone with the descriptor.
    static func file(of bytes: ByteStream, path: String) throws(SoundFileError) -> SoundInput {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var name = (folder + "/emoscope-XXXXXX").cPath
        let descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { throw failure(path, "keep", errno, folder) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unsafe unlink(name)
        var size = 0
        while case let piece = bytes.take(65_536), !piece.isEmpty {
            guard
                unsafe piece.withUnsafeBytes({ unsafe pwrite(descriptor, $0.baseAddress, $0.count, size) })
                    == piece.count
            else {
                let code = errno
                Glibc.close(descriptor)
                throw failure(path, "keep", code, folder)
            }
            size += piece.count
        }
        guard size > 0 else {
            Glibc.close(descriptor)
            throw SoundFileError(path, cannot: "open", because: "it is empty")
        }
        return SoundInput(path: path, kind: .file(size: size, isNamed: false), descriptor: descriptor)
    }

    private static func failure(_ path: String, _ attempt: String, _ code: Int32, _ folder: String) -> SoundFileError {
        SoundFileError(
            path, cannot: attempt, because: unsafe String(cString: strerror(code)),
            advice:
                "what is no WAV is kept in a file until it is read: make room in \"\(folder)\", or name another folder in "
                + "TMPDIR")
    }
}
