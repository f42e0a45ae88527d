import EmotionCore
import EmotionFiles
import Glibc

/// A walk over the files beneath a folder, sorted by name.
enum FolderWalk {
    /// Files that a folder may hold; no corpus has as many.
    static let maximumFiles = 1_000_000

    /// Lists the files whose extension is among `extensions` (lower case), as paths relative to `folder`.
    ///
    /// Names that begin with a dot are skipped. Links are followed; each folder is entered once.
    ///
    /// - Parameter takesAnyName: Whether names may be other than UTF-8, as `FileName` writes them.
    static func files(
        under folder: String, extensions: Set<String>, takesAnyName: Bool = false
    ) throws(EvaluationError) -> [String] {
        var walk = Walk(root: folder, extensions: extensions, takesAnyName: takesAnyName)
        try walk.enter("")
        return walk.found.sorted()
    }

    /// The extension of a path in lower case, without the dot; empty if there is none.
    static func pathExtension(_ path: some StringProtocol) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    private struct Walk {
        private struct Identity: Hashable {
            let device: UInt
            let node: UInt
        }

        let root: String
        let extensions: Set<String>
        let takesAnyName: Bool
        var found: [String] = []
        private var seen: Set<Identity> = []

        init(root: String, extensions: Set<String>, takesAnyName: Bool) {
            self.root = root
            self.extensions = extensions
            self.takesAnyName = takesAnyName
        }

        /// Lists the folder at `prefix` (relative to the root, empty or ending in a slash).
        mutating func enter(_ prefix: String) throws(EvaluationError) {
            let path = root + "/" + prefix
            var status = stat()
            guard unsafe stat(path.cPath, &status) == 0 else { return }
            guard seen.insert(Identity(device: UInt(status.st_dev), node: UInt(status.st_ino))).inserted else { return }
            for name in try names(in: path) {
                let relative = prefix + name
                switch PathKind(root + "/" + relative) {
                case .folder: try enter(relative + "/")
                case .file where extensions.contains(FolderWalk.pathExtension(name)):
                    guard found.count < FolderWalk.maximumFiles else {
                        throw EvaluationError(root, "holds more than \(FolderWalk.maximumFiles) files")
                    }
                    found.append(relative)
                case .file, .nothing: break
                }
            }
        }

        private func names(in path: String) throws(EvaluationError) -> [String] {
            guard let directory = unsafe opendir(path.cPath) else {
                throw EvaluationError(path, "cannot be listed: \(BoundedFile.reason(errno))")
            }
            defer { unsafe closedir(directory) }
            var names: [String] = []
            while let entry = unsafe readdir(directory) {
                let bytes = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
                        unsafe Array(UnsafeBufferPointer(start: start, count: strlen(start)))
                    }
                }
                guard bytes.first != UInt8(ascii: ".") else { continue }
                guard takesAnyName || String(validating: bytes, as: UTF8.self) != nil else {
                    throw EvaluationError(
                        path, "holds the name \"\(String(decoding: bytes, as: UTF8.self))\", which is not UTF-8",
                        remedy: "rename it")
                }
                names.append(FileName.text(bytes))
            }
            return names.sorted()
        }
    }
}
