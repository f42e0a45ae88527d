/// The speaker turns of all recordings that the RTTM files beneath a folder name.
package struct TurnFolder: Equatable, Sendable {
    /// The turns of each recording, by its name.
    package private(set) var recordings: [String: [SpeakerTurn]] = [:]

    /// Reads every `.rttm` file at any depth.
    ///
    /// - Throws: `EvaluationError` where there is no such folder or no such file in it, as `RTTM` does, and where two
    ///   files name one recording.
    package init(path: String) throws(EvaluationError) {
        let remedy = "give the folder that the .rttm files are in"
        switch PathKind(path) {
        case .folder: break
        case .file: throw EvaluationError(path, "is a file", remedy: remedy)
        case .nothing: throw EvaluationError(path, "does not exist", remedy: remedy)
        }
        let files = try FolderWalk.files(under: path, extensions: ["rttm"])
        guard !files.isEmpty else { throw EvaluationError(path, "holds no .rttm file", remedy: remedy) }
        for name in files {
            let file = path + "/" + name
            for (recording, turns) in try RTTM(path: file).recordings {
                guard recordings.updateValue(turns, forKey: recording) == nil else {
                    throw EvaluationError(
                        file, "names the recording \"\(recording)\", as another file does",
                        remedy: "keep the turns of a recording in one file")
                }
            }
        }
    }
}
