import Glibc

/// A reader of whole text files in bounded memory, since the files may be hostile.
enum BoundedFile {
    /// Reads the regular file at `path`.
    ///
    /// - Throws: Where it cannot be read, is no regular file, or is larger than `limit` bytes.
    static func read(_ path: String, limit: Int) throws(EvaluationError) -> [UInt8] {
        // Non-blocking, so that a FIFO without a writer is refused below instead of hanging here.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw EvaluationError(path, "cannot be read: \(Self.reason(errno))") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw EvaluationError(path, "is no regular file")
        }
        guard status.st_size <= limit else {
            throw EvaluationError(path, "is larger than \(limit / 1_048_576) MiB")
        }
        // The file may grow meanwhile: no more than its first size is read.
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
            }
            if count == 0 { break }
            if count > 0 {
                filled += count
            } else if errno != EINTR {
                throw EvaluationError(path, "cannot be read: \(Self.reason(errno))")
            }
        }
        return Array(bytes.prefix(filled))
    }

    /// Resolves `path` to an absolute path without links; `path` itself where nothing is there.
    static func canonical(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// The kind of file that a path leads to.
enum PathKind {
    case file, folder, nothing

    init(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            self = .nothing
            return
        }
        self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }
}
