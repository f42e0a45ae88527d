import Glibc

/// A text file that is written a whole line at a time, with nothing held back in this process.
public final class LineFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let owned: Bool

    /// Creates the file at `path`. One that holds something already is refused unless `overwrite`: a recording
    /// is never lost to a reused name.
    init(creating path: String, overwrite: Bool) throws(LogError) {
        self.path = path
        owned = true
        var existing = stat()
        if !overwrite, unsafe stat(path, &existing) == 0, existing.st_mode & S_IFMT == S_IFREG, existing.st_size > 0 {
            throw LogError(path: path, "\"\(path)\" exists already; choose another name, or --force to replace it")
        }
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 {
            throw LogError(path: path, "write", errno: errno, advice: Self.advice(errno))
        }
    }

    /// A stream that somebody else opened, such as standard output.
    public init(descriptor: Int32, name: String) {
        path = name
        self.descriptor = descriptor
        owned = false
    }

    deinit {
        if owned { close(descriptor) }
    }

    /// Writes all of `line`.
    public func write(_ line: String) throws(LogError) {
        try write(Array(line.utf8))
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(LogError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw LogError(path: path, "write", errno: errno, advice: Self.advice(errno))
            }
        }
    }

    private static func advice(_ code: Int32) -> String {
        switch code {
        case ENOENT: "its folder does not exist; make it first"
        case EACCES, EPERM, EROFS: "choose a folder that you may write to"
        case ENOSPC, EDQUOT: "free some room; the rows written before are kept"
        case EISDIR: "give the name of a file in it"
        default: ""
        }
    }
}
