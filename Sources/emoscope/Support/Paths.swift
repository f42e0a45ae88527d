import EmotionCore
import Glibc

/// Paths in a manifest.
enum Paths {
    /// The absolute path without links.
    static func canonical(_ path: String) throws(Failure) -> String {
        guard let resolved = unsafe realpath(path.cPath, nil) else {
            throw Failure(.runTime, "\"\(path)\" cannot be found: \(unsafe String(cString: strerror(errno)))")
        }
        defer { unsafe free(resolved) }
        let name = unsafe UnsafeBufferPointer(start: resolved, count: strlen(resolved))
        return FileName.text(unsafe name.map(UInt8.init(bitPattern:)))
    }

    /// The canonical path of the folder of a file, which need not exist yet.
    static func folder(of path: String) throws(Failure) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let resolved = try? canonical(folder) else {
            throw Failure(.output, "cannot write \"\(path)\": its folder does not exist; make it first")
        }
        return resolved
    }

    /// The path relative to `base`; both are canonical. A path that is not beneath `base` is returned as it is.
    static func relative(_ path: String, to base: String) -> String {
        let prefix = base == "/" ? "/" : base + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }
}
