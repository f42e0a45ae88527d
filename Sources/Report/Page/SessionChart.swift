import EmotionCore
import EmotionStream

/// The picture of a session as SVG elements: for each voice the curves of the four probabilities and a ribbon of labels.
///
/// A reading stands at the middle of its window. Up to five minutes the four curves share one plot; beyond, each emotion has
/// a band of its own, because four curves would cover one another.
struct SessionChart {
    /// The width of the picture and of the margins left and right of the time line, in units.
    static let width = 1000.0
    static let left = 40.0
    static let right = 12.0
    /// Seconds up to which the curves share a plot.
    static let longestTogether = 300.0

    private static let ribbon = 18.0
    private static let title = 20.0
    private static let gap = 14.0
    private static let axis = 22.0
    private static let markerRow = 16.0

    private let figures: SessionFigures
    /// The seconds that the time line spans.
    private let span: Double
    /// The height of a voice's plot, in units.
    private let plot: Double

    init(_ figures: SessionFigures, span: Double, plot: Double) {
        (self.figures, self.span, self.plot) = (figures, max(span, 1), plot)
    }

    private var top: Double { figures.markers.isEmpty ? 0 : Self.markerRow }
    private var bottom: Double {
        top + (figures.lanes.isEmpty ? plot : figures.lanes.reduce(0) { $0 + height(of: $1) })
    }

    /// The height of a voice, in units; one without readings has a ribbon alone.
    private func height(of lane: SessionFigures.Lane) -> Double {
        Self.title + plot(of: lane) + Self.ribbon + Self.gap
    }

    private func plot(of lane: SessionFigures.Lane) -> Double { lane.runs.isEmpty ? 0 : plot + 4 }

    /// The height of the picture, in units.
    var height: Double { bottom + Self.axis }

    /// The elements, with the top left corner at 0, 0.
    var elements: String {
        var text = timeLines
        var y = top
        for lane in figures.lanes {
            text += draw(lane, at: y)
            y += height(of: lane)
        }
        if figures.lanes.isEmpty {
            text += Self.text("no speech", "note", x(span / 2), top + plot / 2, anchor: "middle")
        }
        for loss in figures.losses { text += band(loss.start, loss.end, "lost") }
        for pause in figures.pauses { text += band(pause.start, pause.end, "paused") }
        return text + markers
    }

    private func x(_ seconds: Double) -> Double {
        Self.left + seconds / span * (Self.width - Self.left - Self.right)
    }

    /// The grid of times, with its numbers below.
    private var timeLines: String {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400, 604_800,
        ]
        let step = steps.first { span / $0 <= 12 } ?? 604_800 * (span / 604_800 / 12).rounded(.up)
        return stride(from: 0, through: span, by: step).map { time in
            Self.line(x(time), top, x(time), bottom, "grid")
                + Self.text(ReportText.clock(time), "axis", x(time), bottom + 15, anchor: "middle")
        }.joined()
    }

    private func draw(_ lane: SessionFigures.Lane, at y: Double) -> String {
        let plotTop = y + Self.title
        var text = Self.text(lane.name, "lane", Self.left, y + 14)
        let ribbon = ribbon(lane, at: plotTop + plot(of: lane))
        guard !lane.runs.isEmpty else { return text + ribbon }
        let together = figures.session.seconds <= Self.longestTogether
        if together {
            for share in [0, 0.5, 1] {
                let height = plotTop + plot * (1 - share)
                text += Self.line(Self.left, height, Self.width - Self.right, height, "grid")
                text += Self.text(
                    share == 0.5 ? ".5" : share.fixed(0), "axis", Self.left - 6, height + 4, anchor: "end")
            }
            text += curves(lane, top: plotTop, height: plot, Emotion.allCases)
        } else {
            let band = plot / Double(Emotion.allCases.count)
            for (index, emotion) in Emotion.allCases.enumerated() {
                let bandTop = plotTop + band * Double(index)
                text += Self.line(Self.left, bandTop + band, Self.width - Self.right, bandTop + band, "grid")
                text += Self.text(emotion.letter, "axis \(emotion)", Self.left - 6, bandTop + band - 2, anchor: "end")
                text += curves(lane, top: bandTop + 1, height: band - 1, [emotion])
            }
        }
        return text + ribbon
    }

    // MARK: Curves

    private func curves(
        _ lane: SessionFigures.Lane, top: Double, height: Double, _ emotions: [Emotion]
    ) -> String {
        var (areas, lines, leads) = ("", "", "")
        let together = emotions.count > 1
        for emotion in emotions {
            func point(_ reading: SessionFigures.Reading) -> String {
                "\(x(reading.time).fixed(1)) \((top + height * (1 - Double(reading.scores[emotion]))).fixed(1))"
            }
            func path(_ readings: ArraySlice<SessionFigures.Reading>) -> String {
                "M" + readings.map(point).joined(separator: "L")
            }
            func area(_ readings: ArraySlice<SessionFigures.Reading>) -> String {
                guard let first = readings.first, let last = readings.last else { return "" }
                let base = (top + height).fixed(1)
                return path(readings) + "L\(x(last.time).fixed(1)) \(base)L\(x(first.time).fixed(1)) \(base)Z"
            }
            let runs = lane.runs.filter { $0.count > 1 }
            let stretches = together ? runs.flatMap { Self.stretches($0, ledBy: emotion) } : runs.map { $0[...] }
            areas += Self.path(stretches.map(area).joined(), "area \(emotion)")
            lines += Self.path(runs.map { path($0[...]) }.joined(), "curve \(together ? "" : "solo ")\(emotion)")
            if together { leads += Self.path(stretches.map(path).joined(), "curve lead \(emotion)") }
            for reading in lane.runs.filter({ $0.count == 1 }).joined()
            where !together || reading.scores.argmax == emotion {
                let y = top + height * (1 - Double(reading.scores[emotion]))
                leads +=
                    "<circle class=\"dot \(emotion)\" cx=\"\(x(reading.time).fixed(1))\" cy=\"\(y.fixed(1))\" r=\"2\"/>"
            }
        }
        return areas + lines + leads
    }

    /// The parts of a run in which an emotion leads, each with the reading after it.
    private static func stretches(
        _ run: [SessionFigures.Reading], ledBy emotion: Emotion
    ) -> [ArraySlice<SessionFigures.Reading>] {
        var stretches: [ArraySlice<SessionFigures.Reading>] = []
        var start: Int?
        for index in run.indices {
            let leads = run[index].scores.argmax == emotion
            if leads, start == nil { start = index }
            if let first = start, !leads || index == run.count - 1 {
                if index > first { stretches.append(run[first...index]) }
                start = nil
            }
        }
        return stretches
    }

    // MARK: Ribbon, markers, losses

    private func ribbon(_ lane: SessionFigures.Lane, at y: Double) -> String {
        var text = ""
        for piece in figures.quiet {
            text +=
                piece.label == .unread
                ? Self.rectangle(x(piece.start), y, x(piece.end), Self.ribbon, "piece unread")
                : Self.line(x(piece.start), y + Self.ribbon / 2, x(piece.end), y + Self.ribbon / 2, "quiet")
        }
        for piece in lane.pieces {
            let (start, end) = (x(piece.start), x(piece.end))
            let height = Self.ribbon * piece.share
            text += Self.rectangle(start, y + Self.ribbon - height, end, height, "piece \(piece.label.style)")
            let word = end - start > 8 * Double(piece.label.word.count) ? piece.label.word : piece.label.sign
            guard end - start > 12 else { continue }
            text += Self.text(word, "on \(piece.label.style)", (start + end) / 2, y + 13, anchor: "middle")
        }
        return text
    }

    private var markers: String {
        figures.markers.enumerated().map { index, marker in
            Self.line(x(marker.time), Self.markerRow - 2, x(marker.time), bottom, "marker")
                + Self.text("\(index + 1)", "marker", x(marker.time), 11, anchor: "middle")
        }.joined()
    }

    private func band(_ start: Double, _ end: Double, _ style: String) -> String {
        let (first, last) = (x(start), max(x(end), x(start) + 1))
        let band = Self.rectangle(first, top, last, bottom - top, "band \(style)")
        guard last - first > 50 else { return band }
        return band + Self.text(style, "note", (first + last) / 2, top + 14, anchor: "middle")
    }

    // MARK: Elements

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line class=\"\(style)\" x1=\"\(x1.fixed(1))\" y1=\"\(y1.fixed(1))\" x2=\"\(x2.fixed(1))\" y2=\"\(y2.fixed(1))\"/>"
    }

    static func rectangle(_ x1: Double, _ y: Double, _ x2: Double, _ height: Double, _ style: String) -> String {
        let width = max(0, x2 - x1).fixed(1)
        return
            "<rect class=\"\(style)\" x=\"\(x1.fixed(1))\" y=\"\(y.fixed(1))\" width=\"\(width)\" height=\"\(height.fixed(1))\"/>"
    }

    static func path(_ data: String, _ style: String) -> String {
        data.isEmpty ? "" : "<path class=\"\(style)\" d=\"\(data)\"/>"
    }

    static func text(_ text: String, _ style: String, _ x: Double, _ y: Double, anchor: String = "start") -> String {
        "<text class=\"\(style)\" x=\"\(x.fixed(1))\" y=\"\(y.fixed(1))\" text-anchor=\"\(anchor)\">\(text.inMarkup)</text>"
    }
}
