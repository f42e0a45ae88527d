import Glibc

/// Where an output file is to be: its folder, opened, and its name in it.
///
/// On the way to the folder only symbolic links of root or of this user are followed, so that nobody else can lead what
/// root writes to another parent. Each step is taken on open descriptors: a link that is swapped meanwhile changes
/// nothing.
struct ParentDirectory: ~Copyable {
    let folder: Int32
    let name: String

    /// As many links as Linux itself follows.
    private static let maximumLinks = 40

    /// Linux's `O_PATH`, which Swift's Glibc does not show: a descriptor to stand on, whatever may be read there.
    private static let pathOnly: Int32 = 0o10_000_000

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

    private static func step(into part: String, at folder: Int32, _ path: String) throws(FileError) -> Int32 {
        let next = unsafe openat(folder, part, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC)
        guard next >= 0 else { throw FileError(path, cannot: "create", errno: errno) }
        return next
    }

    /// Where a link leads; nil for what is no link. Closes `descriptor` where it throws.
    private static func target(of descriptor: Int32, _ path: String) throws(FileError) -> String? {
        var about = stat()
        guard unsafe fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFLNK else { return nil }
        guard about.st_uid == 0 || about.st_uid == geteuid() else {
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
        return String(decoding: bytes, as: UTF8.self)
    }
}
