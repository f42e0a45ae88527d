import Glibc

/// A reader of whole files in bounded memory, since the files may be hostile.
package enum BoundedFile {
    /// Why a file is not read.
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        /// A system call failed: what was tried, as a verb, and its `errno`.
        case system(attempt: String, code: Int32)
        /// It is a folder, a FIFO or a device.
        case notRegular
        /// It has more bytes than the limit.
        case tooLarge

        /// What is wrong with the file, as a clause.
        package var description: String {
            switch self {
            case .system(let attempt, let code):
                unsafe "the system cannot \(attempt) it (\(String(cString: strerror(code))))"
            case .notRegular: "it is a folder, a pipe or a device"
            case .tooLarge: "it is too large"
            }
        }
    }

    /// The most bytes that a file may have that is small by its nature, such as a description in JSON.
    package static let smallLimit = 1 << 20

    /// Reads the regular file at `path`, of at most `limit` bytes.
    package static func bytes(of path: String, limit: Int) throws(Refusal) -> [UInt8] {
        // Non-blocking, so that a FIFO without a writer is refused below instead of hanging here.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(attempt: "open", code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        guard status.st_size <= limit else { throw .tooLarge }
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
                throw .system(attempt: "read", code: errno)
            }
        }
        return Array(bytes.prefix(filled))
    }
}
