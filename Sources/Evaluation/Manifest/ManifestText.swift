extension Manifest {
    /// The text of a manifest of `clips`, paths as they are.
    public static func text(_ clips: [LabelledClip]) -> String {
        let rows = clips.map { [$0.path, $0.speaker, $0.emotion.rawValue, $0.corpus] }
        return ([columns] + rows).map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// A cell that reads back as `text`, byte for byte: a path is never changed to please a spreadsheet.
    private static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
