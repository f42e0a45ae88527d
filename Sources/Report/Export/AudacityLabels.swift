import EmotionCore

/// Audacity's labels: start, end and text, a line each. A marker starts and ends at its moment.
enum AudacityLabels {
    static func text(_ annotations: Annotations) -> String {
        let segments = annotations.segments.map { tier, segment in
            (start: segment.start, end: segment.end, text: tier.prefix + segment.text)
        }
        let markers = annotations.markers.map { (start: $0.time, end: $0.time, text: $0.note) }
        return (segments + markers).sorted { $0.start < $1.start }
            .map { "\($0.start.fixed(6))\t\($0.end.fixed(6))\t\($0.text.onOneLine)\n" }.joined()
    }
}

extension Annotations.Tier {
    /// Whose a text is, where there are no tiers: `Anna: `, or nothing where the log names nobody.
    var prefix: String {
        switch kind {
        case .speaker: "\(name): "
        case .speech, .noReading: channel.map { "channel \($0): " } ?? ""
        }
    }
}
