import Glibc

/// What happens to a file that is there already.
public enum ExistingFilePolicy: Sendable {
    /// One that holds something is an error.
    case refused
    /// Its content goes.
    case replaced
    /// What is written comes after what it holds.
    case continued
}

/// Where the file that was opened is now.
public enum FileStatus: Equatable, Sendable {
    case inPlace
    /// It has another name now, as after a rotation of logs.
    case moved
    /// It has no name any more: what is written to it is gone when it is closed.
    case removed
}

/// A file that is written: created with the user's umask, never through a symbolic link, never over what is there
/// unless told, by one program at a time.
///
/// Nothing is held back in this process. In a regular file an append is whole or not at all.
public final class OutputFile: Sendable {
    public let path: String
    /// Otherwise a pipe, a terminal or another stream.
    public let isRegular: Bool
    /// Whether it held nothing when it was opened.
    public let isNew: Bool
    private let descriptor: Int32
    private let isOwned: Bool

    /// Opens or creates the file at `path`.
    public init(_ path: String, existing: ExistingFilePolicy = .refused) throws(FileError) {
        self.path = path
        isOwned = true
        // Only the system makes these; they are links by nature.
        let isStream = ["/dev/stdout", "/dev/stderr"].contains(path) || path.hasPrefix("/dev/fd/")
        descriptor =
            isStream
            ? try Self.checked(unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC), path)
            : try Self.open(ParentDirectory(path), path)
        var about = stat()
        unsafe fstat(descriptor, &about)
        isRegular = about.st_mode & S_IFMT == S_IFREG
        isNew = about.st_size == 0
        guard isRegular else { return }
        do throws(FileError) {
            try takeOver(about, existing)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// A stream that somebody else opened, such as standard output.
    public init(descriptor: Int32, name: String) {
        path = name
        self.descriptor = descriptor
        (isOwned, isRegular, isNew) = (false, false, false)
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    private static func open(_ parent: borrowing ParentDirectory, _ path: String) throws(FileError) -> Int32 {
        let new = unsafe openat(parent.folder, parent.name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard new < 0, errno == EEXIST else { return try checked(new, path) }
        var about = stat()
        _ = try checked(unsafe fstatat(parent.folder, parent.name, &about, AT_SYMLINK_NOFOLLOW), path)
        switch about.st_mode & S_IFMT {
        case S_IFREG:
            let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
            return try checked(unsafe openat(parent.folder, parent.name, flags), path)
        case S_IFIFO, S_IFCHR:
            return try checked(unsafe openat(parent.folder, parent.name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW), path)
        case S_IFLNK:
            throw FileError(
                path, cannot: "write", because: "it is a symbolic link",
                advice: "give the name of the file that it leads to")
        case S_IFDIR: throw FileError(path, cannot: "write", errno: EISDIR)
        default:
            throw FileError(
                path, cannot: "write", because: "it is neither file nor pipe", advice: "choose another name")
        }
    }

    private static func checked(_ result: Int32, _ path: String) throws(FileError) -> Int32 {
        guard result >= 0 else { throw FileError(path, cannot: "write", errno: errno) }
        return result
    }

    private func takeOver(_ about: stat, _ existing: ExistingFilePolicy) throws(FileError) {
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw FileError(
                path, cannot: "write", because: "another emoscope is writing it", advice: "choose another name")
        }
        guard about.st_size > 0 else { return }
        if existing == .refused {
            throw FileError(
                path, cannot: "create", because: "it exists already",
                advice: "choose another name, or --force to replace it")
        }
        // Another user may have given a file of ours a second name in a folder of theirs.
        if about.st_nlink > 1 {
            throw FileError(
                path, cannot: "write", because: "it has several names (hard links)", advice: "choose another name")
        }
        if existing == .replaced { try truncate(to: 0) }
    }
}

extension OutputFile {
    /// Bytes in the file now.
    public func size() throws(FileError) -> Int {
        var about = stat()
        guard unsafe fstat(descriptor, &about) == 0 else { throw failure(errno) }
        return Int(about.st_size)
    }

    /// Writes all of `text` after what is there.
    public func append(_ text: String) throws(FileError) {
        try append(Array(text.utf8))
    }

    /// Writes all of `bytes` after what is there.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        guard isRegular else { return unsafe try write(bytes) { unsafe Glibc.write($0, $1, $2) } }
        try write(bytes, at: size())
    }

    /// Writes all of `bytes` from `offset` of a regular file on; one that ends behind `offset` is as before when this fails.
    public func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        let end = try size()
        var position = offset
        do throws(FileError) {
            unsafe try write(bytes) { descriptor, start, count in
                let written = unsafe pwrite(descriptor, start, count, position)
                position += max(0, written)
                return written
            }
        } catch {
            if end < offset + bytes.count { ftruncate(descriptor, end) }
            throw error
        }
    }

    /// Bytes from `offset` on, `count` at most, fewer at the end only.
    public func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
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
        if failed { throw FileError(path, cannot: "read", errno: errno) }
        return bytes
    }

    public func truncate(to size: Int) throws(FileError) {
        guard ftruncate(descriptor, size) == 0 else { throw failure(errno) }
    }

    /// Whether the file is still the one at `path`.
    public var whereabouts: FileStatus {
        var (ours, there) = (stat(), stat())
        guard isRegular, unsafe fstat(descriptor, &ours) == 0 else { return .inPlace }
        if unsafe stat(path, &there) == 0, there.st_ino == ours.st_ino, there.st_dev == ours.st_dev { return .inPlace }
        return ours.st_nlink > 0 ? .moved : .removed
    }

    /// Takes a file away that this object made and that will stay empty: it would be in the way of the next try.
    public func discard() {
        if isNew, isRegular, whereabouts == .inPlace { unsafe unlink(path) }
    }

    private func write(
        _ bytes: [UInt8], by call: (Int32, UnsafeRawPointer, Int) -> Int
    ) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe call(descriptor, $0.baseAddress! + done, bytes.count - done)
            }
            if count > 0 {
                done += count
            } else if count == 0 {
                throw failure(ENOSPC)
            } else if errno == EAGAIN {
                // A stream that its owner made non-blocking: its reader is slow.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&ready, 1, -1)
            } else if errno != EINTR {
                throw failure(errno)
            }
        }
    }

    private func failure(_ code: Int32) -> FileError { FileError(path, cannot: "write", errno: code) }
}
