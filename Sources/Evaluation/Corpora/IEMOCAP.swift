import EmotionCore
import EmotionFiles

/// IEMOCAP (Busso and others 2008): labels in `Session1/dialog/EmoEvaluation/Ses01F_impro01.txt`, recordings in
/// `Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav`.
///
/// A label line is `[6.2901 - 8.2357]<tab>Ses01F_impro01_F000<tab>neu<tab>[2.5000, 2.5000, 2.5000]`: the majority of
/// the annotators. The letter after the last underscore is the speaker's gender (the one in the dialog's name is that
/// of the speaker with the motion-capture markers). Angry, happy and excited, neutral and sad, improvised and scripted
/// together, are the 5,531 utterances that the literature reports on.
enum IEMOCAP {
    static let labels = "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"
    /// Bytes that a label file may have; the corpus's have some 30 kB.
    private static let maximumBytes = 4 << 20

    private static let contents: [Substring: Utterance.Content] = [
        "ang": .emotion(.angry), "hap": .emotion(.happy), "exc": .emotion(.happy), "neu": .emotion(.neutral),
        "sad": .emotion(.sad), "fru": .other("frustrated"), "fea": .other("fearful"), "sur": .other("surprised"),
        "dis": .other("disgusted"), "oth": .other("other"), "xxx": .other("without majority"),
    ]

    /// Reads the labels of every session beneath `folder`, and finds their recordings.
    static func list(_ folder: String) throws(EvaluationError) -> CorpusListing {
        var listing = CorpusListing()
        let files = try FolderWalk.files(under: folder, extensions: ["txt"]).filter(isLabelFile)
        guard !files.isEmpty else {
            throw EvaluationError(
                folder, "does not look like IEMOCAP: it holds no label file",
                remedy: "give the folder with the sessions, where \(labels) is")
        }
        for file in files {
            let session = file.split(separator: "/").dropLast(3).map { $0 + "/" }.joined()
            let bytes = try BoundedFile.read(folder + "/" + file, limit: maximumBytes)
            for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            where line.hasPrefix("[") {
                guard let utterance = utterance(line) else {
                    listing.problems.append(printable("\"\(file)\" has a line that is no label: \(line.prefix(80))"))
                    continue
                }
                let dialog = utterance.id.split(separator: "_").dropLast().joined(separator: "_")
                let recording = "\(session)sentences/wav/\(dialog)/\(utterance.id).wav"
                if case .emotion = utterance.content, PathKind(folder + "/" + recording) != .file {
                    listing.problems.append(printable("\"\(recording)\" is not there, and \"\(file)\" has its label"))
                    continue
                }
                listing.add(utterance, path: recording, corpus: .iemocap)
            }
        }
        return listing
    }

    /// Whether a file holds the majority's labels, as those directly in EmoEvaluation do; its folders hold each
    /// annotator's.
    static func isLabelFile(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count >= 3 && parts.suffix(3).dropLast() == ["dialog", "EmoEvaluation"]
            && parts.last!.hasPrefix("Ses")
    }

    /// Parses a label line; nil where it is none.
    static func utterance(_ line: Substring) -> Utterance? {
        let cells = line.split(separator: "\t")
        guard cells.count >= 3, let content = contents[cells[2]] else { return nil }
        let id = cells[1]
        let parts = id.split(separator: "_")
        guard parts.count >= 3, id.hasPrefix("Ses"), id.dropFirst(3).prefix(2).isDigits(2), let turn = parts.last,
            let gender = turn.first, "FM".contains(gender), turn.dropFirst().isDigits(3)
        else { return nil }
        return Utterance(id, speaker: "iemocap_\(id.dropFirst(3).prefix(2))\(gender)", content)
    }
}
