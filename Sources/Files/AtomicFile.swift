import EmotionCore
import Glibc

/// A file that appears at its path with all of its content or not at all.
///
/// It is written under a temporary name in the same folder, and renamed by `finish`. Without `finish` the temporary
/// file is deleted with the object, and a file that was at the path stays.
///
/// The temporary file is created with the permissions of the final one, so that no reader sees it with others.
public final class AtomicFile {
    private let parent: ParentDirectory
    private let path: String
    private let temporary: String
    private let existing: ExistingFilePolicy
    private var descriptor: Int32

    /// Creates the temporary file.
    ///
    /// - Parameters:
    ///   - existing: `.refused` or `.replaced`; a link, a folder or a device is never replaced.
    ///   - permissions: The mode of the file, from which the umask takes bits away.
    /// - Throws: A ``FileError`` when the path cannot be replaced or its folder cannot be written to.
    public init(_ path: String, existing: ExistingFilePolicy, permissions: mode_t = 0o666) throws(FileError) {
        self.path = path
        self.existing = existing
        parent = try ParentDirectory(path)
        temporary = ".\(parent.name.prefix(200)).\(UInt64.random(in: .min ... .max)).partial"
        descriptor = -1
        var info = stat()
        if unsafe fstatat(parent.folder, parent.name.cPath, &info, AT_SYMLINK_NOFOLLOW) == 0 {
            guard info.st_mode & S_IFMT == S_IFREG else {
                let isFolder = info.st_mode & S_IFMT == S_IFDIR
                throw isFolder
                    ? FileError(path, cannot: "replace", errno: EISDIR)
                    : FileError(
                        path, cannot: "replace", because: "it is a link or a device", advice: "choose another name")
            }
            if info.st_size > 0, existing != .replaced { throw exists }
        }
        descriptor = unsafe openat(parent.folder, temporary.cPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw failure("create a file beside", errno) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unsafe unlinkat(parent.folder, temporary.cPath, 0)
    }

    /// Writes all of `bytes` at the current position.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("write", count < 0 ? errno : ENOSPC) }
            done += count
        }
    }

    /// Gives the file the owner, the group and the permissions of another one, without regard to the umask.
    ///
    /// - Throws: A ``FileError`` where the other one belongs to somebody else.
    package func takeAccess(of other: RegularFile) throws(FileError) {
        guard fchown(descriptor, other.owner.user, other.owner.group) == 0,
            fchmod(descriptor, other.permissions) == 0
        else {
            throw FileError(
                path, cannot: "replace", because: "it belongs to another user or group", advice: "choose another name")
        }
    }

    /// Moves the position to the start of the file.
    public func rewind() throws(FileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure("write", errno) }
    }

    /// Flushes the file to the disk and renames it to its path.
    ///
    /// - Throws: A ``FileError``, also when another file has taken the name meanwhile and may not be replaced.
    public func finish() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw failure("write", errno) }
        var info = stat()
        let isThere = unsafe fstatat(parent.folder, parent.name.cPath, &info, AT_SYMLINK_NOFOLLOW) == 0
        if isThere, info.st_size > 0, existing != .replaced { throw exists }
        guard unsafe renameat(parent.folder, temporary.cPath, parent.folder, parent.name.cPath) == 0 else {
            throw failure("replace", errno)
        }
        close(descriptor)
        descriptor = -1
    }

    /// Creates a file that holds `bytes`; the parameters are those of `init`.
    public static func write(
        _ bytes: [UInt8], to path: String, existing: ExistingFilePolicy, permissions: mode_t = 0o666
    ) throws(FileError) {
        let file = try AtomicFile(path, existing: existing, permissions: permissions)
        try file.append(bytes)
        try file.finish()
    }

    /// The error of a system call. Where there is no room, no byte of the new content is kept.
    private func failure(_ attempt: String, _ code: Int32) -> FileError {
        FileError(path, cannot: attempt, errno: code, whenFull: "free some room and try again; nothing was changed")
    }

    private var exists: FileError {
        FileError(
            path, cannot: "create", because: "it exists already",
            advice: "choose another name, or --force to replace it")
    }
}
