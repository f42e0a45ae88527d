import EmotionCore
import Glibc

/// A regular file that is open for reading; it may be reached through a symbolic link.
package final class RegularFile {
    /// The path as it was given.
    package let path: String
    /// The state of the file when it was opened: its size, permissions and owner.
    private let info: stat
    private let descriptor: Int32

    /// Opens the file.
    ///
    /// - Throws: `BoundedFile.Refusal` where there is none or it is a folder, a FIFO or a device.
    package init(_ path: String) throws(BoundedFile.Refusal) {
        self.path = path
        // Non-blocking, so that a FIFO without a writer is refused below instead of hanging here.
        descriptor = unsafe open(path.cPath, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(attempt: "open", code: errno) }
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notRegular
        }
        self.info = info
    }

    deinit {
        close(descriptor)
    }

    /// The size in bytes when it was opened.
    package var size: Int { Int(info.st_size) }

    /// The bits that say who may read, write and run it.
    package var permissions: mode_t { info.st_mode & 0o7777 }

    /// The numbers of its user and its group.
    package var owner: (user: uid_t, group: gid_t) { (info.st_uid, info.st_gid) }

    /// Whether two paths lead to one file that exists.
    package static func isSame(_ path: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        return unsafe stat(path.cPath, &first) == 0 && stat(other.cPath, &second) == 0
            && first.st_ino == second.st_ino && first.st_dev == second.st_dev && first.st_mode & S_IFMT == S_IFREG
    }

    /// Whether the file is the one at `path`, under this or another name.
    package func isAt(_ path: String) -> Bool {
        var other = stat()
        return unsafe stat(path.cPath, &other) == 0 && other.st_ino == info.st_ino && other.st_dev == info.st_dev
    }

    /// Whether the file is still at its path and was not written to since it was opened.
    package var isUnchanged: Bool {
        var now = stat()
        return unsafe fstat(descriptor, &now) == 0 && isAt(path) && now.st_size == info.st_size
            && now.st_mtim.tv_sec == info.st_mtim.tv_sec && now.st_mtim.tv_nsec == info.st_mtim.tv_nsec
    }

    /// Locks the file against an `OutputFile`, until this object is gone.
    ///
    /// - Returns: Whether no other program has locked it.
    package func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

    /// Reads `count` bytes at `offset`, or fewer at the end of the file.
    package func read(_ count: Int, at offset: Int) throws(BoundedFile.Refusal) -> [UInt8] {
        guard let bytes = readBytes(of: descriptor, count, at: offset) else {
            throw .system(attempt: "read", code: errno)
        }
        return bytes
    }
}

/// Reads `count` bytes at `offset` of a regular file, or fewer at its end; returns nil, with `errno`, where it fails.
func readBytes(of descriptor: Int32, _ count: Int, at offset: Int) -> [UInt8]? {
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
            let got = unsafe pread(descriptor, buffer.baseAddress! + filled, count - filled, offset + filled)
            if got < 0, errno == EINTR { continue }
            failed = got < 0
            guard got > 0 else { break }
            filled += got
        }
    }
    return failed ? nil : bytes
}
