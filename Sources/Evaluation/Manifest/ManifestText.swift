import EmotionFiles

extension Manifest {
    /// Encodes `clips` as a manifest, with their paths unchanged.
    package static func text(_ clips: [LabelledClip], _ dialect: CSVDialect = .rfc4180) -> String {
        let writer = CSVWriter(dialect)
        let rows = clips.map { [$0.path, $0.speaker, $0.emotion.rawValue, $0.corpus] }
        return writer.header(columns) + rows.map { writer.record($0.map(writer.cell)) }.joined()
    }
}
