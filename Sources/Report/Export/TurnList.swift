import EmotionCore
import EmotionStream

/// The turns of speakers in NIST's Rich Transcription Time Marked format, as `evaluate --turns --hypothesis` reads it.
///
/// A turn is the speech of one speaker, whatever the labels, up to where another one, silence or a gap begins. Speech of
/// nobody who has a name is left out; of a session that was split, each channel is a speaker.
enum TurnList {
    /// - Throws: `ExportRefusal` where nobody has a name.
    static func text(_ annotations: Annotations, _ context: ExportFormat.Context) throws(ExportRefusal) -> String {
        var names: [String: String] = [:]
        var turns: [(channel: Int, range: Range<Int>, name: String)] = []
        for tier in annotations.tiers {
            let speaker: String
            switch (tier.kind, tier.channel) {
            case (.speaker, _): speaker = tier.name
            case (.speech, .some): speaker = tier.name
            default: continue
            }
            let name = Self.name(speaker, apartFrom: &names)
            for segment in tier.segments {
                if let last = turns.last, last.name == name, last.range.upperBound == segment.range.lowerBound {
                    turns[turns.count - 1].range = last.range.lowerBound..<segment.range.upperBound
                } else {
                    turns.append((tier.channel ?? 1, segment.range, name))
                }
            }
        }
        guard !turns.isEmpty else {
            throw ExportRefusal(
                description: "the session names no speaker, so it has no turns; a session with --speakers names them")
        }
        let recording = Self.field(context.name)
        return turns.sorted { $0.range.lowerBound < $1.range.lowerBound }.map { turn in
            let (start, length) = (AudioFormat.seconds(turn.range.lowerBound), AudioFormat.seconds(turn.range.count))
            return "SPEAKER \(recording) \(turn.channel) \(start.fixed(3)) \(length.fixed(3)) <NA> <NA> \(turn.name) "
                + "<NA> <NA>\n"
        }.joined()
    }

    /// A speaker's name without spaces, which no other speaker has.
    private static func name(_ speaker: String, apartFrom names: inout [String: String]) -> String {
        let plain = field(speaker)
        var (name, number) = (plain, 2)
        while let other = names[name], other != speaker {
            name = "\(plain)_\(number)"
            number += 1
        }
        names[name] = speaker
        return name
    }

    /// A field of a line, which spaces end.
    private static func field(_ text: String) -> String {
        let plain = String(text.onOneLine.map { $0.isWhitespace ? "_" : $0 })
        return plain.isEmpty ? "_" : plain
    }
}
