import EmotionCore

/// The style sheet of the page.
enum PageStyle {
    static var text: String {
        base + ChartStyle.rules + themed(isLight: true) + "@media screen and (prefers-color-scheme: dark) {\n"
            + themed(isLight: false) + "}\n" + print
    }

    private static let base = """

        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0 auto; max-width: 1180px; padding: 24px 28px 40px; font: 15px/1.45 system-ui, sans-serif; }
        h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
        h2 { font-size: 18px; margin: 28px 0 6px; overflow-wrap: anywhere; }
        h3 { font-size: 14px; margin: 0 0 6px; }
        p { margin: 0 0 8px; }
        .patterns { position: absolute; }
        .summary, .card p, header p { font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; }
        svg.chart { display: block; width: 100%; min-width: 760px; height: auto; outline-offset: 2px; cursor: crosshair; }
        .cursor, .playhead { stroke-width: 1; pointer-events: none; }
        .playhead { stroke-width: 2; }
        .readout { min-height: 1.5em; margin: 4px 0 8px; font-size: 14px; font-variant-numeric: tabular-nums; }
        .readout b { font-weight: 600; }
        .readout span { display: inline-block; margin-right: 1.4em; }
        audio { display: block; width: 100%; height: 36px; margin: 4px 0 8px; }
        .legend { margin: 2px 0 6px; padding-left: 24px; overflow-x: auto; }
        .legend svg { display: block; width: 100%; max-width: 850px; min-width: 700px; height: auto; }
        table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
        th { font-weight: 400; text-align: left; white-space: nowrap; }
        tbody th { font-weight: 600; }
        th, td { padding: 3px 14px 3px 0; vertical-align: middle; }
        .number { text-align: right; white-space: nowrap; }
        .voices table { width: 100%; }
        .bar { min-width: 170px; }
        svg.shares { display: block; width: 100%; min-width: 160px; height: 16px; }
        .cards { columns: 3 300px; column-gap: 14px; margin-top: 18px; }
        .card { border: 1px solid; border-radius: 6px; padding: 12px 14px; font-size: 14px; overflow-x: auto;
            break-inside: avoid; margin-bottom: 14px; }
        .card th, .card td { padding: 2px 8px 2px 0; }
        .list { margin: 0; padding-left: 1.4em; max-height: 15em; overflow-y: auto; overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 0; }
        dd { margin: 0; overflow-wrap: anywhere; }
        button { font: inherit; font-variant-numeric: tabular-nums; padding: 0 2px; border: 0; background: none;
            text-decoration: underline; cursor: pointer; }
        footer { max-width: 1180px; margin-top: 22px; font-size: 13px; }
        @media (max-width: 600px) {
            body { padding: 16px 14px 28px; }
            .legend { padding-left: 0; }
            .readout { min-height: 4.5em; }
        }

        """

    private static func themed(isLight: Bool) -> String {
        let (ground, ink) = (ChartStyle.ground(isLight: isLight), ChartStyle.ink(isLight: isLight))
        // Text in the colour of labels needs more contrast than a picture's.
        let muted = isLight ? "#5A616B" : "#A3A9B4"
        let faint = ThemeColor.faint.css(isLight: isLight)
        let (accent, alarm) = (ThemeColor.accent.css(isLight: isLight), ThemeColor.alarm.css(isLight: isLight))
        return """
            body { background: \(ground); color: \(ink); }
            .summary, .card p, header p, footer, dt, thead th, .card th { color: \(muted); }
            .card { border-color: \(faint); }
            .card.alarm h3, .missing { color: \(alarm); }
            button, .playhead { color: \(accent); stroke: \(accent); }
            .cursor { stroke: \(ink); }
            .shade1 { background: \(accent)22; }
            .shade2 { background: \(accent)44; }
            .shade3 { background: \(accent)66; }

            """
    }

    /// One page of A4: pictures as wide as the paper, and nothing that cannot be used on it.
    private static let print = """
        @page { size: A4; margin: 11mm; }
        @media print {
            body { max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.3; }
            h1 { font-size: 15pt; }
            h2 { font-size: 11pt; margin: 8pt 0 2pt; break-after: avoid; }
            h3 { font-size: 9pt; margin-bottom: 2pt; }
            svg.chart, .legend svg { min-width: 0; }
            .scroll, .card { overflow: hidden; }
            audio, .readout, .missing, .cursor, .playhead { display: none; }
            table, .card { font-size: 8pt; }
            th, td { padding: 1pt 7pt 1pt 0; }
            .bar, svg.shares { min-width: 60pt; }
            .legend { padding-left: 0; overflow: hidden; }
            thead th, thead .number { white-space: normal; vertical-align: bottom; }
            .cards { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6pt; margin-top: 6pt; }
            .card { padding: 4pt 6pt; margin: 0; border-radius: 3pt; }
            .card th, .card td, dl { padding: 0 4pt 0 0; gap: 0 5pt; }
            .card table { font-size: 7pt; }
            svg.shares { height: 9pt; }
            .comparison { font-size: 7.5pt; }
            .comparison .session { break-inside: avoid; }
            .comparison svg.chart { width: 64%; }
            .comparison .cards { grid-template-columns: none; grid-auto-flow: column; gap: 4pt; margin-top: 2pt; }
            .comparison table, .comparison .card, .comparison .card table { font-size: 6pt; }
            .comparison h2 { font-size: 9pt; margin-top: 4pt; }
            .comparison h3 { font-size: 7pt; }
            .comparison .card p { margin-bottom: 2pt; }
            .comparison dl { display: block; }
            .comparison dt, .comparison dd { display: inline; }
            .comparison dt::after { content: " "; }
            .comparison dd:not(:last-child)::after { content: " · "; }
            .comparison .card th, .comparison .card td { padding-right: 2pt; }
            .comparison h1 { font-size: 12pt; }
            .list { max-height: 9em; overflow: hidden; }
            button { text-decoration: none; color: inherit; }
            footer { margin-top: 6pt; font-size: 7.5pt; }
            .piece, .area, .shade1, .shade2, .shade3 { print-color-adjust: exact; }
        }

        """
}
