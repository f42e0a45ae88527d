import EmotionCore

/// A list of labelled recordings: a CSV, by RFC 4180 or with semicolons, with the columns `path`, `speaker`, `emotion` and `corpus` in any
/// order, beside others.
///
/// - A path is absolute, or relative to the manifest's folder or, where nothing is there, to that folder's parent.
/// - A path that leads to a folder stands for all clips of the `manifest.csv` in it, so that one manifest can join
///   corpora; the row's other cells are not read.
/// - Rows of an emotion that is not an `Emotion` are left out and counted.
///
/// Bounds: 64 MiB a file, 64 KiB a record, a million clips.
package struct Manifest: Equatable, Sendable {
    static let maximumClips = 1_000_000
    static let columns = ["path", "speaker", "emotion", "corpus"]
    static let shape = "a manifest is a CSV with the columns \(columns.joined(separator: ","))"
    private static let kind = ManifestTable.Kind(columns: columns, shape: shape) { path in
        "make one: emoscope manifest KIND \"\(path)\" -o \"\(path)/\(ManifestTable.name)\""
    }

    /// The clips in the order of the rows, with resolved paths, whose files need not exist.
    package private(set) var clips: [LabelledClip] = []
    /// Counts of the rows left out, by their emotion.
    package private(set) var leftOut: [String: Int] = [:]

    /// Reads the manifest at `path`, or the `manifest.csv` of the folder at `path`.
    ///
    /// - Throws: `EvaluationError`, naming the line, where it is not as described, or no clip has one of the four
    ///   labels.
    package init(path: String) throws(EvaluationError) {
        try ManifestTable.read(path, Self.kind) { row throws(EvaluationError) in try add(row) }
        if clips.isEmpty {
            let labels = Emotion.allCases.map(\.rawValue).joined(separator: ", ")
            throw EvaluationError(
                path, "holds no clip whose emotion is \(labels)" + (leftOut.isEmpty ? "" : " but \(counted(leftOut))"))
        }
    }

    private mutating func add(_ row: ManifestTable.Row) throws(EvaluationError) {
        let (speaker, label, corpus) = (row.cells[1], row.cells[2], row.cells[3])
        guard let emotion = Emotion(rawValue: label) else {
            leftOut[label.isEmpty ? "without emotion" : label, default: 0] += 1
            // A column of file names taken for emotions would fill the memory with them.
            if leftOut.count > 10_000 { throw row.error("has the 10,001st emotion", remedy: Self.shape) }
            return
        }
        guard !speaker.isEmpty, !corpus.isEmpty else { throw row.error("names no speaker or corpus") }
        guard clips.count < Self.maximumClips else {
            throw row.error("is one clip more than \(Self.maximumClips)")
        }
        clips.append(LabelledClip(path: row.path, speaker: speaker, emotion: emotion, corpus: corpus))
    }
}
