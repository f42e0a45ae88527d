/// A file that is small by its nature, such as a description in JSON, read whole.
public enum SmallFile {
    /// Bytes that such a file may have.
    public static let limit = 1 << 20

    /// Reads a regular file of at most `limit` bytes.
    ///
    /// - Throws: Where there is no such file, or it is not regular, too long, or not readable.
    public static func read(_ path: String) throws(FileError) -> [UInt8] {
        do {
            return try BoundedFile.bytes(of: path, limit: limit)
        } catch {
            switch error {
            case .system(let attempt, let code): throw FileError(path, cannot: attempt, errno: code)
            case .notRegular:
                throw FileError(path, cannot: "read", because: "it is not a regular file", advice: "name a file")
            case .tooLarge:
                throw FileError(
                    path, cannot: "read", because: "it has more than \(limit) bytes", advice: "name another file")
            }
        }
    }
}
