/// The sound files beneath a folder.
package enum Recordings {
    /// Extensions of sound files. Of copies in several formats, the first in this order is taken: the corpora were
    /// published as WAV.
    static let formats = ["wav", "flac", "aif", "aiff", "ogg", "opus", "mp3"]

    /// Lists all recordings at any depth, sorted by name.
    ///
    /// - Throws: `EvaluationError` where there is no such folder or no recording in it.
    package static func list(_ folder: String) throws(EvaluationError) -> [String] {
        let files = try relative(to: folder)
        return files.map { folder + "/" + $0 }
    }

    /// Extensions of files that `predict` and others read in a folder: those of `formats`, and of video and what ffmpeg reads.
    private static let everyFormat =
        formats + [
            "oga", "aifc", "au", "snd", "caf", "w64", "rf64", "m4a", "m4b", "aac", "mp4", "mov", "mkv", "mka", "webm",
            "wma",
            "amr", "3gp", "ape", "wv", "ac3",
        ]

    /// Lists the sound and video files at any depth of a folder, sorted by name.
    ///
    /// - Returns: Paths, of any bytes; nil where `path` is no folder.
    /// - Throws: `EvaluationError` where the folder holds none or cannot be listed.
    package static func every(in path: String) throws(EvaluationError) -> [String]? {
        guard PathKind(path) == .folder else { return nil }
        let files = try FolderWalk.files(under: path, extensions: Set(everyFormat), takesAnyName: true)
        guard !files.isEmpty else {
            throw EvaluationError(
                path, "holds no recording (\(everyFormat.joined(separator: ", ")))",
                remedy: "give the folder that they are in")
        }
        return files.map { (path.hasSuffix("/") ? path : path + "/") + $0 }
    }

    /// The name of a recording: that of its file, without the extension.
    package static func name(of path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        let ending = FolderWalk.pathExtension(file)
        return String(ending.isEmpty ? file : file.dropLast(ending.count + 1))
    }

    /// Lists the recordings as paths relative to the folder.
    static func relative(to folder: String) throws(EvaluationError) -> [String] {
        try check(folder)
        let files = try FolderWalk.files(under: folder, extensions: Set(formats))
        guard !files.isEmpty else {
            throw EvaluationError(
                folder, "holds no recording (\(formats.joined(separator: ", ")))",
                remedy: "give the folder that they are in")
        }
        return files
    }

    /// Throws unless `folder` is one.
    static func check(_ folder: String) throws(EvaluationError) {
        let remedy = "give the folder that the recordings are in"
        switch PathKind(folder) {
        case .folder: break
        case .file: throw EvaluationError(folder, "is a file", remedy: remedy)
        case .nothing: throw EvaluationError(folder, "does not exist", remedy: remedy)
        }
    }
}
