/// A recording of ordinary speech, which nobody acted and nobody labelled.
package struct OrdinaryRecording: Equatable, Sendable {
    package let path: String
    package let corpus: String

    package init(path: String, corpus: String) {
        self.path = path
        self.corpus = corpus
    }
}

/// A list of recordings of ordinary speech: a CSV (RFC 4180) with the columns `path` and `corpus` in any order, others
/// beside them. Paths and folders are as of ``Manifest``, and so are the bounds.
package struct OrdinaryManifest: Equatable, Sendable {
    private static let columns = ["path", "corpus"]
    private static let shape =
        "a manifest of ordinary speech is a CSV with the columns \(columns.joined(separator: ","))"
    private static let kind = ManifestTable.Kind(columns: columns, shape: shape) { _ in
        "write one: a CSV with the columns \(columns.joined(separator: ",")) and a row for each recording"
    }

    /// The recordings in the order of the rows, with resolved paths. The files are not looked for yet.
    package private(set) var recordings: [OrdinaryRecording] = []

    /// Reads the manifest at `path`, or the `manifest.csv` of the folder at `path`.
    ///
    /// - Throws: `EvaluationError`, naming the line, where it is not as described, or has no row.
    package init(path: String) throws(EvaluationError) {
        try ManifestTable.read(path, Self.kind) { row throws(EvaluationError) in
            guard !row.cells[1].isEmpty else { throw row.error("names no corpus") }
            guard recordings.count < Manifest.maximumClips else {
                throw row.error("is one recording more than \(Manifest.maximumClips)")
            }
            recordings.append(OrdinaryRecording(path: row.path, corpus: row.cells[1]))
        }
        guard !recordings.isEmpty else { throw EvaluationError(path, "names no recording", remedy: Self.shape) }
    }
}
