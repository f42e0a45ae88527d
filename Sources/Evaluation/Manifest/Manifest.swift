import EmotionCore
import EmotionFiles

/// A list of labelled recordings: a CSV (RFC 4180) with the columns `path`, `speaker`, `emotion` and `corpus` in any
/// order, beside others.
///
/// - A path is absolute, or relative to the manifest's folder or, where nothing is there, to that folder's parent.
/// - A path that leads to a folder stands for all clips of the `manifest.csv` in it, so that one manifest can join
///   corpora; the row's other cells are not read.
/// - Rows of an emotion that is not an `Emotion` are left out and counted.
///
/// Bounds: 64 MiB a file, 64 KiB a record, a million clips.
package struct Manifest: Equatable, Sendable {
    static let maximumBytes = 64 << 20
    static let maximumClips = 1_000_000
    static let name = "manifest.csv"
    static let columns = ["path", "speaker", "emotion", "corpus"]
    static let shape = "a manifest is a CSV with the columns \(columns.joined(separator: ","))"

    /// The clips in the order of the rows, with resolved paths, whose files need not exist.
    package private(set) var clips: [LabelledClip] = []
    /// Counts of the rows left out, by their emotion.
    package private(set) var leftOut: [String: Int] = [:]
    private var foldersNamed: Set<String> = []

    /// Reads the manifest at `path`, or the `manifest.csv` of the folder at `path`.
    ///
    /// - Throws: `EvaluationError`, naming the line, where it is not as described, or no clip has one of the four
    ///   labels.
    package init(path: String) throws(EvaluationError) {
        switch PathKind(path) {
        case .file: try read(path, mayNameFolders: true)
        case .folder:
            let file = path + "/" + Self.name
            guard PathKind(file) == .file else { throw Self.folderWithoutManifest(path) }
            try read(file, mayNameFolders: true)
        case .nothing:
            throw EvaluationError(
                path, "does not exist", remedy: "give a manifest, or a folder that holds \(Self.name)")
        }
        if clips.isEmpty {
            let labels = Emotion.allCases.map(\.rawValue).joined(separator: ", ")
            throw EvaluationError(
                path, "holds no clip whose emotion is \(labels)" + (leftOut.isEmpty ? "" : " but \(counted(leftOut))"))
        }
    }

    private mutating func read(_ file: String, mayNameFolders: Bool) throws(EvaluationError) {
        var reader = try ManifestReader(file, limit: Self.maximumBytes)
        let header = try reader.next() ?? []
        let places = try Self.places(in: header, file)
        let folder = Self.folder(of: file)
        while let cells = try reader.next() {
            func fail(_ problem: String, remedy: String = "") -> EvaluationError {
                EvaluationError(file, line: reader.line, problem, remedy: remedy)
            }
            guard cells.count == header.count else {
                throw fail("has \(cells.count) cells where the header has \(header.count)", remedy: Self.shape)
            }
            let named = cells[places[0]]
            guard !named.isEmpty else { throw fail("names no path") }
            let (path, kind) = Self.resolve(named, folder)
            if kind == .folder {
                guard mayNameFolders else {
                    throw fail(
                        "names the folder \"\(named)\"", remedy: "only the manifest that is given may name folders")
                }
                guard foldersNamed.insert(BoundedFile.canonical(path)).inserted else {
                    throw fail("names the folder \"\(named)\" again")
                }
                guard PathKind(path + "/" + Self.name) == .file else { throw Self.folderWithoutManifest(path) }
                try read(path + "/" + Self.name, mayNameFolders: false)
                continue
            }
            guard let emotion = Emotion(rawValue: cells[places[2]]) else {
                try count(cells[places[2]], fail)
                continue
            }
            guard !cells[places[1]].isEmpty, !cells[places[3]].isEmpty else { throw fail("names no speaker or corpus") }
            guard clips.count < Self.maximumClips else { throw fail("is one clip more than \(Self.maximumClips)") }
            clips.append(
                LabelledClip(path: path, speaker: cells[places[1]], emotion: emotion, corpus: cells[places[3]]))
        }
    }

    private mutating func count(
        _ emotion: String, _ fail: (String, String) -> EvaluationError
    ) throws(EvaluationError) {
        let name = emotion.isEmpty ? "without emotion" : emotion
        leftOut[name, default: 0] += 1
        // Bounds the memory where a column of file names is taken for emotions.
        if leftOut.count > 10_000 { throw fail("has the 10,001st emotion", Self.shape) }
    }

    /// Finds the places of `columns` in the header.
    private static func places(in header: [String], _ file: String) throws(EvaluationError) -> [Int] {
        let missing = columns.filter { !header.contains($0) }
        guard missing.isEmpty else {
            let found = header.isEmpty ? "it is empty" : "its header has \(header.prefix(12).joined(separator: ", "))"
            throw EvaluationError(
                file, "has no column \(missing.joined(separator: ", ")): \(found)", remedy: shape)
        }
        if let twice = columns.first(where: { column in header.count { $0 == column } > 1 }) {
            throw EvaluationError(file, "has the column \(twice) twice")
        }
        return columns.map { header.firstIndex(of: $0) ?? 0 }
    }

    /// Resolves the path in a cell, and returns what it leads to.
    private static func resolve(_ named: String, _ folder: String) -> (String, PathKind) {
        if named.hasPrefix("/") { return (named, PathKind(named)) }
        let beside = folder + "/" + named
        let kind = PathKind(beside)
        guard kind == .nothing else { return (beside, kind) }
        let above = parent(of: folder) + "/" + named
        let kindAbove = PathKind(above)
        return kindAbove == .nothing ? (beside, .nothing) : (above, kindAbove)
    }

    static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "" : String(file[..<slash])
    }

    /// The parent folder, by name where possible: the parent of a linked folder is where the link is.
    private static func parent(of folder: String) -> String {
        let last = folder.split(separator: "/").last
        guard let last, last != ".", last != "..", folder.hasSuffix(last) else { return folder + "/.." }
        return Self.folder(of: folder)
    }

    private static func folderWithoutManifest(_ path: String) -> EvaluationError {
        EvaluationError(
            path, "is a folder without \(name)",
            remedy: "make one: emoscope manifest KIND \"\(path)\" -o \"\(path)/\(name)\"")
    }
}
