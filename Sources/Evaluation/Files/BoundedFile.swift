import EmotionCore
import EmotionFiles
import Glibc

extension BoundedFile {
    /// Reads the regular file at `path`.
    ///
    /// - Throws: Where it cannot be read, is no regular file, or is larger than `limit` bytes.
    static func read(_ path: String, limit: Int) throws(EvaluationError) -> [UInt8] {
        do {
            return try bytes(of: path, limit: limit)
        } catch {
            switch error {
            case .system(_, let code): throw EvaluationError(path, "cannot be read: \(reason(code))")
            case .notRegular: throw EvaluationError(path, "is no regular file")
            case .tooLarge: throw EvaluationError(path, "is larger than \(limit / 1_048_576) MiB")
            }
        }
    }

    /// Resolves `path` to an absolute path without links; `path` itself where nothing is there.
    static func canonical(_ path: String) -> String {
        guard let resolved = unsafe realpath(path.cPath, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// The kind of file that a path leads to.
enum PathKind {
    case file, folder, nothing

    init(_ path: String) {
        var status = stat()
        guard unsafe stat(path.cPath, &status) == 0 else {
            self = .nothing
            return
        }
        self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }
}
