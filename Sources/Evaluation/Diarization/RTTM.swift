import EmotionFiles

/// Who speaks when in recordings: a file in NIST's Rich Transcription Time Marked format.
///
///     SPEAKER dev00 1 13.152 3.770 <NA> <NA> MEE012 <NA> <NA>
///
/// The fields of a `SPEAKER` line are the recording, the channel, start and length in seconds, and, as the eighth, the
/// speaker. The channel is not read. Lines of another type, empty lines and comments (`;;`) are skipped, and so are
/// turns of no length.
///
/// Bounds: 16 MiB a file, 4 KiB a line, 100,000 turns, and 100 speakers a recording, whose times are below ten million
/// seconds.
package struct RTTM: Equatable, Sendable {
    static let maximumBytes = 16 << 20
    static let maximumLine = 4096
    static let maximumTurns = 100_000
    static let maximumSpeakers = 100
    static let maximumTime = 1e7
    private static let shape =
        "a line is SPEAKER RECORDING CHANNEL START LENGTH <NA> <NA> NAME <NA> <NA>, with times in seconds"

    /// The turns of each recording, by its name, in the order of the lines.
    package private(set) var recordings: [String: [SpeakerTurn]] = [:]

    /// Reads the file at `path`.
    ///
    /// - Throws: `EvaluationError`, naming the line, where it is not as described, or has no turn.
    package init(path: String) throws(EvaluationError) {
        let bytes = try BoundedFile.read(path, limit: Self.maximumBytes)
        var turns = 0
        var speakers: [String: Set<String>] = [:]
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            func fail(_ problem: String, remedy: String = Self.shape) -> EvaluationError {
                EvaluationError(path, line: number, problem, remedy: remedy)
            }
            guard line.count <= Self.maximumLine else { throw fail("is longer than \(Self.maximumLine) bytes") }
            guard let text = String(validating: line, as: UTF8.self), !line.contains(0) else {
                throw fail("is no UTF-8 text")
            }
            let fields = text.split(whereSeparator: \.isWhitespace)
            guard fields.first == "SPEAKER" else { continue }
            guard fields.count >= 8 else { throw fail("has \(fields.count) fields, fewer than 8") }
            guard let start = Self.seconds(fields[3]), let length = Self.seconds(fields[4]) else {
                throw fail("has the times \(quoted(fields[3])) and \(quoted(fields[4]))")
            }
            guard length > 0 else { continue }
            let (recording, speaker) = (String(fields[1]), String(fields[7]))
            turns += 1
            guard turns <= Self.maximumTurns else {
                throw fail("is one turn more than \(Self.maximumTurns)", remedy: "split the file")
            }
            speakers[recording, default: []].insert(speaker)
            guard speakers[recording, default: []].count <= Self.maximumSpeakers else {
                throw fail(
                    "names one speaker more than \(Self.maximumSpeakers) of the recording \(quoted(fields[1]))",
                    remedy: "name each speaker alike in all turns")
            }
            recordings[recording, default: []].append(
                SpeakerTurn(speaker: speaker, start: start, end: start + length))
        }
        guard turns > 0 else { throw EvaluationError(path, "holds no turn of a speaker", remedy: Self.shape) }
    }

    /// A time of 0 s or more; nil for another text.
    private static func seconds(_ field: Substring) -> Double? {
        guard let value = Double(field), value >= 0, value < maximumTime else { return nil }
        return value
    }
}

private func quoted(_ field: Substring) -> String { "\"\(field.prefix(80))\"" }
