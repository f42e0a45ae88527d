import EmotionCore

/// The style sheet of the pictures, for a page and for a picture alone.
///
/// Colours are written out, not held in variables, because some programs that draw SVG know none.
enum ChartStyle {
    /// The dash pattern of an emotion's curve, so that the curves differ without colour as well.
    private static func dashes(_ emotion: Emotion) -> String? {
        switch emotion {
        case .angry: nil
        case .happy: "7 3"
        case .neutral: "1.5 3"
        case .sad: "8 3 1.5 3"
        }
    }

    /// Ground and ink of a theme.
    static func ground(isLight: Bool) -> String { isLight ? "#FFFFFF" : "#14171B" }
    static func ink(isLight: Bool) -> String { isLight ? "#1B1F24" : "#E6E8EB" }

    /// The rules of both themes: the light one on paper, and where the reader asks for no other.
    static var rules: String {
        shapes + colours(isLight: true) + "@media screen and (prefers-color-scheme: dark) {\n" + colours(isLight: false)
            + "}\n"
    }

    /// The patterns that the rules name; once in a document.
    static let patterns = """
        <defs><pattern id="unsure" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
        <rect class="ground" width="6" height="6"/><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern>\
        <pattern id="lost" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">\
        <line class="lost" x1="0" y1="0" x2="0" y2="5"/></pattern></defs>
        """

    private static let shapes = """
        svg text { font: 11px system-ui, sans-serif; }
        svg text.lane { font-size: 13px; font-weight: 600; }
        svg text.on { font-size: 11px; font-weight: 600; }
        svg text.heading { font-size: 20px; font-weight: 600; }
        .curve { fill: none; stroke-width: 1.3; stroke-opacity: .55; stroke-linejoin: round; }
        .curve.solo { stroke-opacity: 1; }
        .curve.lead { stroke-width: 2.4; stroke-opacity: 1; }
        .area { fill-opacity: .14; }
        .grid { stroke-width: 1; }
        .quiet { stroke-width: 1; }
        .piece { stroke-width: 1; }
        .piece.unsure { fill: url(#unsure); }
        .piece.overlap { fill: none; }
        .piece.unread { fill: url(#lost); }
        .band.lost { fill: url(#lost); }
        .band.paused { fill-opacity: .35; }
        line.marker { stroke-width: 1; stroke-dasharray: 2 2; }
        line.lost { stroke-width: 2; }
        line.hatch { stroke-width: 1.5; }

        """

    private static func colours(isLight: Bool) -> String {
        let ground = ground(isLight: isLight)
        let label = ThemeColor.label.css(isLight: isLight)
        let faint = ThemeColor.faint.css(isLight: isLight)
        let (accent, alarm) = (ThemeColor.accent.css(isLight: isLight), ThemeColor.alarm.css(isLight: isLight))
        var rules = """
            svg text, svg text.lane { fill: \(ink(isLight: isLight)); }
            svg text.axis, svg text.note { fill: \(label); }
            .ground { fill: \(ground); }
            .grid { stroke: \(faint); stroke-opacity: .5; }
            .quiet, .hatch { stroke: \(faint); }
            .piece { stroke: \(ground); }
            .piece.unsure, .piece.overlap { stroke: \(label); }
            .band.paused { fill: \(faint); }
            line.lost { stroke: \(alarm); }
            line.marker { stroke: \(accent); }
            svg text.marker { fill: \(accent); }

            """
        for emotion in Emotion.allCases {
            let colour = ThemeColor.emotion(emotion).css(isLight: isLight)
            let dashes = isLight ? dashes(emotion).map { " stroke-dasharray: \($0);" } ?? "" : ""
            rules += """
                .curve.\(emotion) { stroke: \(colour);\(dashes) }
                .area.\(emotion), .piece.\(emotion), .dot.\(emotion), svg text.axis.\(emotion) { fill: \(colour); }
                svg text.on.\(emotion) { fill: \(isLight && emotion != .happy ? "#FFFFFF" : "#101214"); }

                """
        }
        return rules
    }
}
