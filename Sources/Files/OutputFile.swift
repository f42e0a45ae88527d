import EmotionCore
import Glibc

/// What happens to an output file that exists.
public enum ExistingFilePolicy: Sendable {
    /// Opening it is an error unless it is empty.
    case refused
    /// Its content is deleted.
    case replaced
    /// New content follows its content.
    case continued

    /// The policy of a command with a flag `--force`.
    package init(force: Bool) {
        self = force ? .replaced : .refused
    }
}

/// The location of an open file.
public enum FileStatus: Equatable, Sendable {
    /// It is at the path that it was opened at.
    case inPlace
    /// It has another name, as after a rotation of logs.
    case moved
    /// It has no name any more, and its content is deleted once it is closed.
    case removed
}

/// An output file that is created with the user's umask, never opened through a symbolic link, overwritten only if
/// `existing` says so, and locked against a second writer.
///
/// Nothing is buffered in this process. An append to a regular file is written in full or not at all.
public final class OutputFile: Sendable {
    /// The path as it was given, or the name of a stream.
    public let path: String
    /// Whether the file is a regular file that has a path, and not a pipe, a terminal or another stream.
    public let isRegular: Bool
    /// Whether the file was empty when it was opened.
    public let isNew: Bool
    private let descriptor: Int32
    private let isOwned: Bool

    /// Opens or creates a file.
    ///
    /// - Throws: A ``FileError`` when the file exists and may not be replaced, is a link, a folder or a socket, has a
    ///   second name, is locked by another writer, or cannot be opened.
    public init(_ path: String, existing: ExistingFilePolicy = .refused) throws(FileError) {
        self.path = path
        isOwned = true
        if let stream = Self.stream(path) {
            descriptor = try Self.checked(fcntl(stream, F_DUPFD_CLOEXEC, 3), path)
            (isRegular, isNew) = (false, false)
            return
        }
        descriptor = try Self.open(ParentDirectory(path), path)
        var info = stat()
        unsafe fstat(descriptor, &info)
        isRegular = info.st_mode & S_IFMT == S_IFREG
        isNew = info.st_size == 0
        guard isRegular else { return }
        do throws(FileError) {
            try prepare(info, existing)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Wraps a stream that is open, such as standard output; it is not closed.
    public init(descriptor: Int32, name: String) {
        path = name
        self.descriptor = descriptor
        (isOwned, isRegular, isNew) = (false, false, false)
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// The descriptor of a stream of this process that a path names, such as `/dev/stdout`. Whatever the stream is, it was
    /// opened by somebody else, who decides where writing begins and whether it stays.
    private static func stream(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": STDOUT_FILENO
        case "/dev/stderr": STDERR_FILENO
        default: path.hasPrefix("/dev/fd/") ? Int32(path.dropFirst(8)) : nil
        }
    }

    private static func open(_ parent: borrowing ParentDirectory, _ path: String) throws(FileError) -> Int32 {
        let new = unsafe openat(
            parent.folder, parent.name.cPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard new < 0, errno == EEXIST else { return try checked(new, path) }
        var info = stat()
        _ = try checked(unsafe fstatat(parent.folder, parent.name.cPath, &info, AT_SYMLINK_NOFOLLOW), path)
        switch info.st_mode & S_IFMT {
        case S_IFREG:
            let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
            return try checked(unsafe openat(parent.folder, parent.name.cPath, flags), path)
        case S_IFIFO, S_IFCHR:
            return try checked(unsafe openat(parent.folder, parent.name.cPath, O_WRONLY | O_CLOEXEC | O_NOFOLLOW), path)
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

    /// Locks a regular file; if it has content, applies `existing` to it.
    private func prepare(_ info: stat, _ existing: ExistingFilePolicy) throws(FileError) {
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw FileError(
                path, cannot: "write", because: "another emoscope is writing it", advice: "choose another name")
        }
        guard info.st_size > 0 else { return }
        if existing == .refused {
            throw FileError(
                path, cannot: "create", because: "it exists already",
                advice: "choose another name, or --force to replace it")
        }
        // Another user may have made a hard link to a file of this user in a folder of their own.
        if info.st_nlink > 1 {
            throw FileError(
                path, cannot: "write", because: "it has several names (hard links)", advice: "choose another name")
        }
        if existing == .replaced { try truncate(to: 0) }
    }
}

extension OutputFile {
    /// The size of the file, in bytes.
    public func size() throws(FileError) -> Int {
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { throw failure(errno) }
        return Int(info.st_size)
    }

    /// Writes all of `text` at the end of the file.
    public func append(_ text: String) throws(FileError) {
        try append(Array(text.utf8))
    }

    /// Writes all of `bytes` at the end of the file.
    ///
    /// - Throws: A ``FileError``; a regular file is then as it was before.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        guard isRegular else { return unsafe try write(bytes) { unsafe Glibc.write($0, $1, $2) } }
        try write(bytes, at: size())
    }

    /// Writes all of `bytes` at `offset` of a regular file.
    ///
    /// - Throws: A ``FileError``; the file then has its old size, and its old content outside of the bytes written.
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

    /// Reads `count` bytes at `offset`, or fewer at the end of the file.
    public func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        guard let bytes = readBytes(of: descriptor, count, at: offset) else {
            throw FileError(path, cannot: "read", errno: errno)
        }
        return bytes
    }

    /// Cuts the file to `size` bytes.
    public func truncate(to size: Int) throws(FileError) {
        guard ftruncate(descriptor, size) == 0 else { throw failure(errno) }
    }

    /// The location of the file; `inPlace` if it is not a regular file.
    public var status: FileStatus {
        var (opened, named) = (stat(), stat())
        guard isRegular, unsafe fstat(descriptor, &opened) == 0 else { return .inPlace }
        if unsafe stat(path.cPath, &named) == 0, named.st_ino == opened.st_ino, named.st_dev == opened.st_dev {
            return .inPlace
        }
        return opened.st_nlink > 0 ? .moved : .removed
    }

    /// Deletes the file if it was empty when it was opened and is still in place, so that a failed command leaves
    /// nothing in the way of the next try.
    public func discard() {
        if isNew, isRegular, status == .inPlace { unsafe unlink(path.cPath) }
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
                // The stream is non-blocking and its reader is slow.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&ready, 1, -1)
            } else if errno != EINTR {
                throw failure(errno)
            }
        }
    }

    private func failure(_ code: Int32) -> FileError { FileError(path, cannot: "write", errno: code) }
}
