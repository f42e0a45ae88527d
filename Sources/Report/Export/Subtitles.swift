import EmotionCore

/// Subtitles: a cue for each segment of speech, and one of a second for each marker. Silence has none.
enum Subtitles {
    /// Seconds for which a marker is shown.
    private static let markerSeconds = 1.0

    private struct Cue {
        let start: Double
        let end: Double
        let speaker: String?
        let text: String
    }

    /// SubRip.
    static func srt(_ annotations: Annotations) -> String {
        cues(annotations).enumerated().map { index, cue in
            let text = (cue.speaker.map { "\($0): " } ?? "") + cue.text
            return "\(index + 1)\n\(time(cue.start, ",")) --> \(time(cue.end, ","))\n\(plain(text))\n\n"
        }.joined()
    }

    /// WebVTT, with the speakers as voices.
    static func vtt(_ annotations: Annotations) -> String {
        "WEBVTT\n\n"
            + cues(annotations).map { cue in
                let voice = cue.speaker.map { "<v \($0.inMarkup)>" } ?? ""
                return "\(time(cue.start, ".")) --> \(time(cue.end, "."))\n\(voice)\(cue.text.inMarkup)\n\n"
            }.joined()
    }

    private static func cues(_ annotations: Annotations) -> [Cue] {
        let segments = annotations.segments.filter { $0.tier.kind != .noReading }.map { tier, segment in
            let named = tier.speaker == nil ? nil : tier.name
            return Cue(
                start: segment.start, end: segment.end, speaker: named ?? tier.channel.map { "channel \($0)" },
                text: segment.text)
        }
        let markers = annotations.markers.map {
            Cue(start: $0.time, end: $0.time + markerSeconds, speaker: nil, text: "◆ \($0.note)")
        }
        return (segments + markers).sorted { $0.start < $1.start }
    }

    /// A time as `01:02:03.456`.
    private static func time(_ seconds: Double, _ mark: String) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        let whole = milliseconds / 1000
        return [whole / 3600, whole / 60 % 60, whole % 60].map { padded($0, 2) }.joined(separator: ":") + mark
            + padded(milliseconds % 1000, 3)
    }

    /// Text that no player takes for a tag or the arrow between times; SubRip has no escapes.
    private static func plain(_ text: String) -> String {
        String(
            text.onOneLine.map { character in
                switch character {
                case "<": "‹"
                case ">": "›"
                case "{": "("
                case "}": ")"
                default: character
                }
            })
    }
}
