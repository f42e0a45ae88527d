import EmotionCore
import Glibc

/// An open descriptor of an output file's folder, and the file's name in that folder.
///
/// Symbolic links on the path to the folder are followed only if they belong to root or to this user; otherwise another
/// user could redirect what root writes. Each step starts from an open descriptor, so replacing a link in the meantime
/// has no effect.
struct ParentDirectory: ~Copyable {
    /// A descriptor of the folder, for `openat` and similar calls.
    let folder: Int32
    /// The last component of the path.
    let name: String

    /// The maximum number of symbolic links that are followed, which is Linux's own.
    private static let maximumLinks = 40

    /// Linux's `O_PATH`, which Swift's Glibc module lacks: it opens a folder without permission to read it.
    private static let pathOnly: Int32 = 0o10_000_000

    /// Opens the folder of `path`.
    ///
    /// - Throws: A ``FileError`` when there is no such folder or the path names a folder itself.
    init(_ path: String) throws(FileError) {
        var rest = path.split(separator: "/").reversed().map(String.init)
        guard !path.hasSuffix("/"), let name = rest.first, name != ".", name != ".." else {
            throw FileError(path, cannot: "create", errno: path.isEmpty ? ENOENT : EISDIR)
        }
        rest.removeFirst()
        var links = 0
        var current = try Self.step(into: path.hasPrefix("/") ? "/" : ".", at: AT_FDCWD, path)
        do throws(FileError) {
            while let part = rest.popLast() {
                let next = try Self.step(into: part, at: current, path)
                guard let target = try Self.target(of: next, path) else {
                    close(current)
                    current = next
                    continue
                }
                close(next)
                links += 1
                guard links <= Self.maximumLinks else { throw FileError(path, cannot: "create", errno: ELOOP) }
                rest += target.split(separator: "/").reversed().map(String.init)
                guard target.hasPrefix("/") else { continue }
                let root = try Self.step(into: "/", at: AT_FDCWD, path)
                close(current)
                current = root
            }
        } catch {
            close(current)
            throw error
        }
        folder = current
        self.name = name
    }

    deinit {
        close(folder)
    }

    /// Opens one component of a path, without following it if it is a link.
    private static func step(into part: String, at folder: Int32, _ path: String) throws(FileError) -> Int32 {
        let next = unsafe openat(folder, part.cPath, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC)
        guard next >= 0 else { throw FileError(path, cannot: "create", errno: errno) }
        return next
    }

    /// The target of a symbolic link; nil if `descriptor` is not a link. `descriptor` is closed if this throws.
    private static func target(of descriptor: Int32, _ path: String) throws(FileError) -> String? {
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFLNK else { return nil }
        guard info.st_uid == 0 || info.st_uid == geteuid() else {
            close(descriptor)
            throw FileError(
                path, cannot: "create", because: "a folder on the way is a link that another user made",
                advice: "give the path that it leads to")
        }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe readlinkat(descriptor, "", $0.baseAddress!, $0.count)
            }
            count = max(0, length)
        }
        return FileName.text(bytes)
    }
}
