import EmotionCore
import EmotionStream

/// What an export holds of a session: a tier for each speaker, and the markers.
///
/// - Speech of a speaker with a name is in the tier of that name. Speech without one is in a tier `channel 1`, `channel 2`,
///   `voice` where the log names nobody, or `other speech` where it names others: speech of two at once, and of somebody who
///   is not known yet.
/// - Silence, and windows that the network did not read, are apart in a tier `no reading`, one for each channel.
///
/// The segments of a tier ascend and do not overlap.
package struct Annotations: Sendable {
    /// What the segments of a tier are of.
    package enum Kind: Equatable, Sendable {
        case speaker(String)
        case speech
        case noReading
    }

    /// The segments of one speaker, or of what is nobody's.
    package struct Tier: Sendable {
        /// A name that no other tier has, on one line.
        package fileprivate(set) var name: String
        package let kind: Kind
        /// The channel of a session that was split, from 1.
        package let channel: Int?
        package fileprivate(set) var segments: [Segment] = []

        /// The name of the speaker as it is in the log; nil of what is nobody's.
        var speaker: String? {
            if case .speaker(let name) = kind { name } else { nil }
        }
    }

    /// A moment that was marked.
    package struct Marker: Equatable, Sendable {
        /// Seconds of the stream.
        package let time: Double
        package let note: String
    }

    /// In the order of the speakers' first appearance, what is nobody's last; none is empty.
    package private(set) var tiers: [Tier] = []
    package let markers: [Marker]
    /// The length of the session in seconds, to a whole sample.
    package let seconds: Double

    /// The name of the tier of markers.
    package static let markerTier = "markers"
    private static let noReading = "no reading"

    /// The name of the tier of a tier's probabilities.
    static func probabilityTier(of name: String) -> String { "\(name) probability" }

    /// - Parameter minimum: Seconds, 0…10, below which a segment is given to a neighbour.
    package init(_ session: SavedSession, minimum: Double = Segmenter.standardMinimum) {
        markers = session.events.filter { $0.status == .marker }.map { Marker(time: $0.end, note: $0.note) }
        seconds = session.seconds
        var silences: [Tier] = []
        for channel in session.channels {
            var voices = session.speakers.map { Tier(name: $0, kind: .speaker($0), channel: channel) }
            let place = Dictionary(zip(session.speakers, voices.indices)) { first, _ in first }
            let unnamed = channel.map { "channel \($0)" } ?? (voices.isEmpty ? "voice" : "other speech")
            var speech = Tier(name: unnamed, kind: .speech, channel: channel)
            var silence = Tier(
                name: (channel.map { "channel \($0) " } ?? "") + Self.noReading, kind: .noReading, channel: channel)
            for segment in session.segments(of: channel, minimum: minimum) {
                if segment.label == .silence || segment.label == .unread {
                    silence.segments.append(segment)
                } else if let index = segment.speaker.flatMap({ place[$0] }) {
                    voices[index].segments.append(segment)
                } else {
                    speech.segments.append(segment)
                }
            }
            tiers += voices + [speech]
            silences.append(silence)
        }
        tiers = (tiers + silences).filter { !$0.segments.isEmpty }
        nameApart()
    }

    /// All segments with their tiers, in the order of time.
    package var segments: [(tier: Tier, segment: Segment)] {
        tiers.flatMap { tier in tier.segments.map { (tier, $0) } }
            .sorted { $0.segment.range.lowerBound < $1.segment.range.lowerBound }
    }

    /// The markers in the order of time, those of one moment as one: no tier of another program holds two at once.
    ///
    /// - Parameter time: The time of a marker, as the program counts it, from its seconds.
    func moments<Time: Equatable>(_ time: (Double) -> Time) -> [(time: Time, note: String)] {
        var moments: [(time: Time, note: String)] = []
        for marker in markers.sorted(by: { $0.time < $1.time }) {
            let time = time(marker.time)
            if moments.last?.time == time {
                moments[moments.count - 1].note += " / " + marker.note
            } else {
                moments.append((time, marker.note))
            }
        }
        return moments
    }

    /// Gives each tier a name on one line that no other has.
    private mutating func nameApart() {
        var taken: Set = [Self.markerTier]
        for index in tiers.indices {
            let plain = tiers[index].name.onOneLine
            var name = plain
            var number = 2
            while taken.contains(name) || taken.contains(Self.probabilityTier(of: name)) {
                name = "\(plain) \(number)"
                number += 1
            }
            taken.formUnion([name, Self.probabilityTier(of: name)])
            tiers[index].name = name
        }
    }
}

extension Segment {
    /// From when until when, in seconds.
    package var start: Double { AudioFormat.seconds(range.lowerBound) }
    package var end: Double { AudioFormat.seconds(range.upperBound) }

    /// The label with the probability that it has, as `sad 0.98`; the label alone where it is no emotion.
    var text: String {
        guard case .speech(.emotion) = label, let probability else { return label.word }
        return "\(label.word) \(probability.fixed(2))"
    }
}

extension String {
    /// The text on one line without control characters: a space for a line break or a tab, U+FFFD for another one.
    package var onOneLine: String {
        printable(String(map { $0.isNewline || $0 == "\t" ? " " : $0 }))
    }

    /// The text as the content or an attribute of XML or HTML, on one line.
    package var inMarkup: String {
        var text = ""
        for scalar in onOneLine.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            // XML 1.0 has no such characters.
            case "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
