/// One channel of a stream: its windows, voice activity, smoothing, meters and what it came to. A stream that is not
/// split has one. Confined to the session's queue.
struct Channel {
    /// As rows name it, from 1; nil where the stream is not split.
    let number: Int?

    private let settings: SessionSettings
    private let detector: Session.Detector
    private var cutter: WindowCutter
    private var smoother: Smoother
    private var meter = LevelMeter()
    /// Samples of speech in sources that have ended.
    private var spokenBefore = 0
    private var summary = SessionSummary()
    /// The newest row about a window, and `Clock.now` when it was logged.
    private var lastWindow: Row?
    private var lastLogged = 0

    init(_ number: Int?, _ settings: SessionSettings, _ detector: Session.Detector) {
        self.number = number
        self.settings = settings
        self.detector = detector
        cutter = Self.cutter(settings, origin: 0, detector)
        smoother = Smoother(timeConstant: settings.smoothing)
    }

    /// Stream index of the source's first sample, and past the newest one.
    var origin: Int { cutter.origin }
    var position: Int { cutter.position }

    /// Samples in a full window.
    var windowLength: Int { cutter.length }

    var snapshot: ChannelSnapshot {
        var snapshot = ChannelSnapshot()
        snapshot.speechTime = AudioFormat.seconds(spokenBefore + cutter.speech.spokenSamples)
        snapshot.voiceActivity = cutter.speech.latest
        snapshot.level = meter.level
        snapshot.peak = meter.peak
        snapshot.isClipping = meter.isClipping
        snapshot.waveform = meter.waveform
        snapshot.lastWindow = lastWindow
        snapshot.lastLogged = lastLogged
        snapshot.summary = summary
        return snapshot
    }

    /// Takes the next samples; returns the windows that they complete, oldest first.
    mutating func append(_ samples: ArraySlice<Float>) -> [Window] {
        meter.append(samples)
        return cutter.append(samples)
    }

    /// The source has ended: the window over its last samples, unless one ended there.
    mutating func finish() -> Window? { cutter.finish() }

    /// Enters a row that leaves for the logs, with what it is read as and smoothed.
    mutating func enter(_ row: inout Row) {
        if let scores = row.scores {
            row.smoothed = smoother.smooth(scores, at: row.end)
            row.verdict = scores.verdict(unsureBelow: settings.unsureBelow)
            row.smoothedVerdict = row.smoothed?.verdict(unsureBelow: settings.unsureBelow)
        }
        summary.add(row)
        if row.isWindow {
            lastWindow = row
            lastLogged = Clock.now
        }
    }

    /// Another source follows on the same time line, with windows of its own.
    mutating func beginSource() {
        spokenBefore += cutter.speech.spokenSamples
        cutter = Self.cutter(settings, origin: cutter.position, detector)
        detector.reset()
        smoother.reset()
    }

    private static func cutter(_ settings: SessionSettings, origin: Int, _ detector: Session.Detector) -> WindowCutter {
        let length = AudioFormat.samples(SessionSettings.window)
        return WindowCutter(
            length: length, hop: max(1, AudioFormat.samples(settings.hop)), origin: origin,
            speech: SpeechTrack(
                chunk: detector.chunk, threshold: settings.speechThreshold, origin: origin, history: length,
                detector: detector.probability
            )
        )
    }
}
