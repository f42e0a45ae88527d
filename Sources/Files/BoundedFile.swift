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
        let file = try RegularFile(path)
        guard file.size <= limit else { throw .tooLarge }
        // The file may grow meanwhile: no more than its first size is read.
        return try file.read(file.size, at: 0)
    }
}
