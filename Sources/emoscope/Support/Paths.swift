import Glibc

/// Paths as a manifest has them.
enum Paths {
    /// Absolute, without links.
    static func canonical(_ path: String) throws(Failure) -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw Failure(.runTime, "\"\(path)\" cannot be found: \(unsafe String(cString: strerror(errno)))")
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The canonical folder that a file at `path` is in or will be in.
    static func folder(of path: String) throws(Failure) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let resolved = try? canonical(folder) else {
            throw Failure(.output, "cannot write \"\(path)\": its folder does not exist; make it first")
        }
        return resolved
    }

    /// `path` seen from `base`, both canonical; unchanged where it does not lie beneath.
    static func relative(_ path: String, to base: String) -> String {
        let prefix = base == "/" ? "/" : base + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }
}
