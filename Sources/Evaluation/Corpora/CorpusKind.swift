import EmotionCore

/// A corpus whose layout is known.
package enum CorpusKind: String, CaseIterable, Sendable {
    case ravdess, cremad, emodb, tess, savee, nemo, iemocap

    /// The name that its authors write.
    package var title: String {
        switch self {
        case .ravdess: "RAVDESS"
        case .cremad: "CREMA-D"
        case .emodb: "EMO-DB"
        case .tess: "TESS"
        case .savee: "SAVEE"
        case .nemo: "nEMO"
        case .iemocap: "IEMOCAP"
        }
    }

    /// The naming scheme; nil where file names alone do not tell the label.
    private var naming: (any FileNaming.Type)? {
        switch self {
        case .ravdess: RAVDESS.self
        case .cremad: CREMAD.self
        case .emodb: EmoDB.self
        case .tess: TESS.self
        case .savee: SAVEE.self
        case .nemo: NEMO.self
        case .iemocap: nil
        }
    }

    /// Lists the clips of the corpus in `folder`, at any depth.
    ///
    /// - Throws: `EvaluationError` where it is no folder, holds no recordings, or holds recordings that are not named
    ///   as in this corpus.
    package func list(_ folder: String) throws(EvaluationError) -> CorpusListing {
        try Recordings.check(folder)
        var listing = if let naming { try list(folder, naming) } else { try IEMOCAP.list(folder) }
        listing.sort()
        if listing.clips.isEmpty {
            let labels = Emotion.allCases.map(\.rawValue).joined(separator: ", ")
            throw EvaluationError(
                folder,
                "holds no clip that is \(labels)"
                    + (listing.leftOut.isEmpty ? "" : " but \(counted(listing.leftOut))")
                    + (listing.problems.first.map { "; \($0)" } ?? ""))
        }
        return listing
    }

    private func list(_ folder: String, _ naming: any FileNaming.Type) throws(EvaluationError) -> CorpusListing {
        let files = try Recordings.relative(to: folder)
        let byFormat = Dictionary(grouping: files) { FolderWalk.pathExtension($0) }
        var listing = CorpusListing()
        var known = 0
        for file in Recordings.formats.flatMap({ byFormat[$0] ?? [] }) {
            guard let utterance = Self.utterance(file, naming) else {
                listing.problems.append(
                    printable("\"\(file)\" is not named as \(title) names its recordings, such as \(naming.example)"))
                continue
            }
            known += 1
            listing.add(utterance, path: file, corpus: self)
        }
        guard known > 0 else {
            throw EvaluationError(
                folder, "does not look like \(title): \"\(files[0])\" is not named like \(naming.example)",
                remedy: Self.guess(folder, files)
                    .map { "it looks like \($0.title): emoscope manifest \($0.rawValue) \"\(folder)\"" }
                    ?? "the corpora known are \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        listing.problems.sort()
        return listing
    }

    private static func utterance(_ file: String, _ naming: any FileNaming.Type) -> Utterance? {
        let parts = file.split(separator: "/")
        let name = parts.last ?? ""
        return naming.utterance(
            name.dropLast(FolderWalk.pathExtension(file).utf8.count + 1), in: parts.dropLast().last ?? "")
    }

    /// Guesses the corpus from the files' names: the one that most of them match; nil if none.
    private static func guess(_ folder: String, _ files: [String]) -> CorpusKind? {
        if files.contains(where: { $0.contains("/sentences/wav/Ses") || $0.hasPrefix("sentences/wav/Ses") }) {
            return .iemocap
        }
        return allCases.first { kind in
            guard let naming = kind.naming else { return false }
            return files.count { utterance($0, naming) != nil } * 2 > files.count
        }
    }
}
