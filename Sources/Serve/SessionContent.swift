import EmotionCore
import EmotionStream

/// What a session has to say: its events, its metrics, and who it is.
final class SessionContent: Sendable {
    let events = EventBacklog()
    let counts = Locked(ServerCounts())
    /// The description of the session that each stream of events begins with: a JSON object on a line.
    let description: String

    private let version: String
    private let format: RowFormat
    private let metrics: Locked<SessionMetrics>
    private let gauges = Locked(SessionGauges())

    init(description: String, version: String, format: RowFormat, channels: Int) {
        self.description = description
        self.version = version
        self.format = format
        metrics = Locked(SessionMetrics(channels: channels))
    }

    func add(_ row: Row) {
        metrics.withLock { $0.add(row) }
        events.append(json: String(format.json(row).dropLast()))
    }

    func update(_ new: SessionGauges) {
        gauges.withLock { $0 = new }
    }

    /// The metrics as text for Prometheus.
    var metricsText: String {
        let (metrics, gauges, counts) = (
            metrics.withLock { $0 }, gauges.withLock { $0 }, counts.withLock { $0 }
        )
        var text = PrometheusText()
        text.metric("emoscope_info", "gauge", "The version of the program; the value is 1.")
        text.sample("emoscope_info", ["version": version], 1)
        metrics.write(to: &text)
        text.metric("emoscope_stream_seconds", "gauge", "Seconds of the stream so far.")
        text.sample("emoscope_stream_seconds", [:], gauges.streamTime)
        text.metric("emoscope_ring_seconds", "gauge", "Seconds of sound that wait to be read; 4 are the most.")
        text.sample("emoscope_ring_seconds", [:], gauges.waiting)
        text.metric("emoscope_overruns_total", "counter", "Overruns of the microphone's buffer.")
        text.sample("emoscope_overruns_total", [:], Double(gauges.overruns))
        text.metric("emoscope_source_connected", "gauge", "0 while a microphone is away, else 1.")
        text.sample("emoscope_source_connected", [:], gauges.isConnected ? 1 : 0)
        counts.write(to: &text)
        return text.text
    }
}
