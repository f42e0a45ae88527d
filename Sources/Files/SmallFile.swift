import Glibc

/// A file that is small by its nature, such as a description in JSON, read whole.
public enum SmallFile {
    /// Bytes that such a file may have.
    public static let limit = 1 << 20

    /// Reads a regular file of at most `limit` bytes.
    ///
    /// - Throws: Where there is no such file, or it is not regular, too long, or not readable.
    public static func read(_ path: String) throws(FileError) -> [UInt8] {
        // A pipe without a writer would block.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(path, cannot: "open", errno: errno) }
        defer { close(descriptor) }
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { throw FileError(path, cannot: "read", errno: errno) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw FileError(path, cannot: "read", because: "it is not a regular file", advice: "name a file")
        }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let read = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw FileError(path, cannot: "read", errno: errno) }
            if read == 0 { break }
            count += read
        }
        guard count <= limit else {
            throw FileError(
                path, cannot: "read", because: "it has more than \(limit) bytes", advice: "name another file")
        }
        return Array(bytes[..<count])
    }
}
