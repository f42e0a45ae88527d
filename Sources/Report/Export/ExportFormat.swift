import EmotionFiles

/// A format of other programs, or of tables, for the segments and markers of a session.
package enum ExportFormat: String, CaseIterable, Sendable {
    case textgrid, eaf, audacity, srt, vtt, jsonl, rttm, segments

    /// What the files of a format need beside the annotations.
    package struct Context: Sendable {
        /// The name of the session, as in RTTM.
        package let name: String
        /// When the session began, by ISO 8601.
        package let date: String
        /// The path of the session's sound, relative to the export; nil where it is not known.
        package let sound: String?
        /// The dialect of CSV.
        package let dialect: CSVDialect

        package init(name: String, date: String, sound: String? = nil, dialect: CSVDialect = .rfc4180) {
            (self.name, self.date, self.sound, self.dialect) = (name, date, sound, dialect)
        }
    }

    /// Encodes annotations as the content of a file.
    ///
    /// - Throws: `ExportRefusal` where the format cannot say what the session holds.
    package func encode(_ annotations: Annotations, _ context: Context) throws(ExportRefusal) -> String {
        switch self {
        case .textgrid: TextGrid.text(annotations)
        case .eaf: ELAN.text(annotations, context)
        case .audacity: AudacityLabels.text(annotations)
        case .srt: Subtitles.srt(annotations)
        case .vtt: Subtitles.vtt(annotations)
        case .jsonl: SegmentTable.json(annotations)
        case .rttm: try TurnList.text(annotations, context)
        case .segments: SegmentTable.csv(annotations, context.dialect)
        }
    }
}

/// Why a session cannot be exported, as a clause.
package struct ExportRefusal: Error, Equatable, CustomStringConvertible {
    package let description: String
}
