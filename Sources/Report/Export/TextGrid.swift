import EmotionCore
import EmotionStream

/// Praat's TextGrid, in its long text form.
///
/// Each tier of speech has a second one with the probabilities. Markers are a point tier. What no segment covers is an
/// interval without text. After Praat's manual, "TextGrid file formats".
enum TextGrid {
    /// An interval with its text, in samples, so that neighbours end and begin at the same number.
    private struct Interval {
        let range: Range<Int>
        let text: String
    }

    static func text(_ annotations: Annotations) -> String {
        let length = AudioFormat.samples(annotations.seconds)
        var tiers: [String] = []
        for tier in annotations.tiers {
            tiers.append(intervals(tier.name, tier.segments, length) { $0.label.word })
            guard tier.segments.contains(where: { $0.probability != nil }) else { continue }
            tiers.append(
                intervals(Annotations.probabilityTier(of: tier.name), tier.segments, length) {
                    $0.probability?.fixed(3) ?? ""
                })
        }
        let points = points(annotations.moments { $0.fixed(3) }, annotations.seconds)
        if !points.isEmpty { tiers.append(points) }
        var text = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n"
        text += "xmin = 0\nxmax = \(seconds(length))\ntiers? <exists>\nsize = \(tiers.count)\nitem []:\n"
        for (index, tier) in tiers.enumerated() { text += "    item [\(index + 1)]:\n" + tier }
        return text
    }

    private static func intervals(
        _ name: String, _ segments: [Segment], _ length: Int, _ label: (Segment) -> String
    ) -> String {
        var intervals: [Interval] = []
        var end = 0
        for segment in segments {
            if segment.range.lowerBound > end {
                intervals.append(Interval(range: end..<segment.range.lowerBound, text: ""))
            }
            intervals.append(Interval(range: segment.range, text: label(segment)))
            end = segment.range.upperBound
        }
        if end < length { intervals.append(Interval(range: end..<length, text: "")) }
        var text = head("IntervalTier", name, seconds(length)) + "        intervals: size = \(intervals.count)\n"
        for (index, interval) in intervals.enumerated() {
            text += "        intervals [\(index + 1)]:\n            xmin = \(seconds(interval.range.lowerBound))\n"
            text += "            xmax = \(seconds(interval.range.upperBound))\n"
            text += "            text = \(quoted(interval.text))\n"
        }
        return text
    }

    private static func points(_ points: [(time: String, note: String)], _ length: Double) -> String {
        guard !points.isEmpty else { return "" }
        var text =
            head("TextTier", Annotations.markerTier, length.fixed(3)) + "        points: size = \(points.count)\n"
        for (index, point) in points.enumerated() {
            text += "        points [\(index + 1)]:\n            number = \(point.time)\n"
            text += "            mark = \(quoted(point.note))\n"
        }
        return text
    }

    private static func head(_ kind: String, _ name: String, _ end: String) -> String {
        "        class = \"\(kind)\"\n        name = \(quoted(name))\n        xmin = 0\n        xmax = \(end)\n"
    }

    private static func seconds(_ samples: Int) -> String { AudioFormat.seconds(samples).fixed(3) }

    /// A string of Praat: a quote in it is written twice.
    private static func quoted(_ text: String) -> String {
        "\"" + text.onOneLine.replacing("\"", with: "\"\"") + "\""
    }
}
