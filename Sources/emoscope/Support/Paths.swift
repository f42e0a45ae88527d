import EmotionCore
import Glibc

/// Paths in files that emoscope writes.
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

    /// The path without an ending, if it has it.
    static func without(_ ending: String, _ path: String) -> String {
        path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
    }

    /// The path of an existing file from the folder of another one, with `../` where it is not beneath that folder.
    static func relative(_ path: String, toFolderOf other: String) throws(Failure) -> String {
        let file = try canonical(path).split(separator: "/")
        let folder = try folder(of: other == "." ? "./" : other).split(separator: "/")
        let common = zip(file, folder).prefix { $0 == $1 }.count
        return (folder.dropFirst(common).map { _ in ".." } + file.dropFirst(common)).joined(separator: "/")
    }

    /// The path relative to `base`; both are canonical. A path that is not beneath `base` is returned as it is.
    static func relative(_ path: String, to base: String) -> String {
        let prefix = base == "/" ? "/" : base + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }
}
