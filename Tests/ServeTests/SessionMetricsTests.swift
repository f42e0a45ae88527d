import EmotionCore
import Testing

@testable import EmotionServe
@testable import EmotionStream

@Suite struct SessionMetricsTests {
    private func lines(_ rows: [Row], channels: Int = 1) -> [String] {
        var metrics = SessionMetrics(channels: channels)
        rows.forEach { metrics.add($0) }
        var text = PrometheusText()
        metrics.write(to: &text)
        return text.text.split(separator: "\n").map(String.init)
    }

    @Test func windowsAreCountedByStatusAndLabel() {
        let lines = lines([madeUpRow(0), madeUpRow(1), madeUpRow(2, .silence), madeUpRow(3, .dropped)])
        #expect(lines.contains("emoscope_windows_total{status=\"ok\"} 2"))
        #expect(lines.contains("emoscope_windows_total{status=\"silence\"} 1"))
        #expect(lines.contains("emoscope_windows_total{status=\"overlap\"} 0"))
        #expect(lines.contains("emoscope_labels_total{label=\"angry\"} 2"))
        #expect(lines.contains("emoscope_dropped_seconds_total 0.5"))
        #expect(lines.contains("emoscope_inference_seconds_bucket{le=\"0.02\"} 0"))
        #expect(lines.contains("emoscope_inference_seconds_bucket{le=\"0.05\"} 2"))
        #expect(lines.contains("emoscope_inference_seconds_sum 0.06"))
    }

    @Test func aWindowWithoutScoresHasNoProbabilities() {
        #expect(lines([madeUpRow(0)]).contains("emoscope_smoothed_probability{emotion=\"angry\"} 0.7"))
        #expect(!lines([madeUpRow(0), madeUpRow(1, .silence)]).contains { $0.hasPrefix("emoscope_probability{") })
        #expect(lines([madeUpRow(0), madeUpRow(1, .silence)]).contains("emoscope_level_dbfs -23.5"))
    }

    @Test func aLostStretchCountsOnceOnTwoChannels() {
        let rows = (1...2).map { channel in
            var row = Row(start: 0, end: 1.25, wallEnd: .now, status: .overrun)
            row.missingSeconds = 1.25
            row.channel = channel
            return row
        }
        #expect(lines(rows, channels: 2).contains("emoscope_lost_seconds_total{cause=\"overrun\"} 1.25"))
        #expect(lines(rows, channels: 2).contains("emoscope_windows_total{status=\"ok\",channel=\"2\"} 0"))
    }

    @Test func labelsAreEscaped() {
        var text = PrometheusText()
        text.sample("x", ["a": "say \"hi\\\"\nü", "b": nil], -0.25)
        text.sample("y", [:], .infinity)
        #expect(text.text == "x{a=\"say \\\"hi\\\\\\\"\\nü\"} -0.25\ny +Inf\n")
    }
}
