import EmotionFiles

extension Manifest {
    /// The text of a manifest of `clips`, paths as they are.
    public static func text(_ clips: [LabelledClip]) -> String {
        let rows = clips.map { [$0.path, $0.speaker, $0.emotion.rawValue, $0.corpus] }
        return ([columns] + rows).map { CSVWriter.record($0.map(CSVWriter.cell)) }.joined()
    }
}
