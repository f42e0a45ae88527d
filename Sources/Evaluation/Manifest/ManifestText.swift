import EmotionFiles

extension Manifest {
    /// Encodes `clips` as a manifest, with their paths unchanged.
    package static func text(_ clips: [LabelledClip]) -> String {
        let rows = clips.map { [$0.path, $0.speaker, $0.emotion.rawValue, $0.corpus] }
        return ([columns] + rows).map { CSVWriter.record($0.map(CSVWriter.cell)) }.joined()
    }
}
