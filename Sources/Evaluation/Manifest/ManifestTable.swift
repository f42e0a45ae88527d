import EmotionFiles

/// The rows of a manifest, and of the manifests in the folders that it names.
///
/// - A path is absolute, or relative to the manifest's folder or, where nothing is there, to that folder's parent.
/// - A path that leads to a folder stands for all rows of the `manifest.csv` in it; the row's other cells are not read.
///
/// Bounds: 64 MiB a file, 64 KiB a record.
struct ManifestTable {
    static let maximumBytes = 64 << 20
    static let name = "manifest.csv"

    /// What a kind of manifest has to hold.
    struct Kind {
        /// Names of the columns; `path` is the first.
        let columns: [String]
        /// A sentence without its period, for errors.
        let shape: String
        /// What to do about the folder at `path` without a manifest.
        let makeOne: @Sendable (_ path: String) -> String
    }

    /// A row that is about a recording.
    struct Row {
        /// The resolved path; the file is not looked for yet.
        let path: String
        /// The cells of the kind's columns, in their order.
        let cells: [String]
        let file: String
        let line: Int

        /// An error of this row.
        func error(_ problem: String, remedy: String = "") -> EvaluationError {
            EvaluationError(file, line: line, problem, remedy: remedy)
        }
    }

    private let kind: Kind
    private var foldersNamed: Set<String> = []

    /// Hands `take` each row of the manifest at `path`, or of the `manifest.csv` of the folder at `path`.
    ///
    /// - Throws: `EvaluationError`, naming the line, where it is not as described, and what `take` throws.
    static func read(
        _ path: String, _ kind: Kind, _ take: (Row) throws(EvaluationError) -> Void
    ) throws(EvaluationError) {
        var table = ManifestTable(kind: kind)
        switch PathKind(path) {
        case .file: try table.read(path, mayNameFolders: true, take)
        case .folder:
            let file = path + "/" + name
            guard PathKind(file) == .file else { throw table.folderWithoutManifest(path) }
            try table.read(file, mayNameFolders: true, take)
        case .nothing:
            throw EvaluationError(path, "does not exist", remedy: "give a manifest, or a folder that holds \(name)")
        }
    }

    private init(kind: Kind) {
        self.kind = kind
    }

    private mutating func read(
        _ file: String, mayNameFolders: Bool, _ take: (Row) throws(EvaluationError) -> Void
    ) throws(EvaluationError) {
        var reader = try ManifestReader(file, limit: Self.maximumBytes, shape: kind.shape)
        let header = try reader.next() ?? []
        let places = try places(in: header, file)
        let folder = Self.folder(of: file)
        while let cells = try reader.next() {
            func fail(_ problem: String, remedy: String = "") -> EvaluationError {
                EvaluationError(file, line: reader.line, problem, remedy: remedy)
            }
            guard cells.count == header.count else {
                throw fail("has \(cells.count) cells where the header has \(header.count)", remedy: kind.shape)
            }
            let named = cells[places[0]]
            guard !named.isEmpty else { throw fail("names no path") }
            let (path, pathKind) = Self.resolve(named, folder)
            if pathKind == .folder {
                guard mayNameFolders else {
                    throw fail(
                        "names the folder \"\(named)\"", remedy: "only the manifest that is given may name folders")
                }
                guard foldersNamed.insert(BoundedFile.canonical(path)).inserted else {
                    throw fail("names the folder \"\(named)\" again")
                }
                guard PathKind(path + "/" + Self.name) == .file else { throw folderWithoutManifest(path) }
                try read(path + "/" + Self.name, mayNameFolders: false, take)
                continue
            }
            try take(Row(path: path, cells: places.map { cells[$0] }, file: file, line: reader.line))
        }
    }

    /// Finds the places of the columns in the header.
    private func places(in header: [String], _ file: String) throws(EvaluationError) -> [Int] {
        let missing = kind.columns.filter { !header.contains($0) }
        guard missing.isEmpty else {
            let found = header.isEmpty ? "it is empty" : "its header has \(header.prefix(12).joined(separator: ", "))"
            throw EvaluationError(
                file, "has no column \(missing.joined(separator: ", ")): \(found)", remedy: kind.shape)
        }
        if let twice = kind.columns.first(where: { column in header.count { $0 == column } > 1 }) {
            throw EvaluationError(file, "has the column \(twice) twice")
        }
        return kind.columns.map { header.firstIndex(of: $0) ?? 0 }
    }

    /// Resolves the path in a cell, and says what it leads to.
    private static func resolve(_ named: String, _ folder: String) -> (String, PathKind) {
        if named.hasPrefix("/") { return (named, PathKind(named)) }
        let beside = folder + "/" + named
        let kind = PathKind(beside)
        guard kind == .nothing else { return (beside, kind) }
        let above = parent(of: folder) + "/" + named
        let kindAbove = PathKind(above)
        return kindAbove == .nothing ? (beside, .nothing) : (above, kindAbove)
    }

    private static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "" : String(file[..<slash])
    }

    /// The parent folder, by name where possible: the parent of a linked folder is where the link is.
    private static func parent(of folder: String) -> String {
        let last = folder.split(separator: "/").last
        guard let last, last != ".", last != "..", folder.hasSuffix(last) else { return folder + "/.." }
        return Self.folder(of: folder)
    }

    private func folderWithoutManifest(_ path: String) -> EvaluationError {
        EvaluationError(path, "is a folder without \(Self.name)", remedy: kind.makeOne(path))
    }
}
