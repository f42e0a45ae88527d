import EmotionCore

/// The state of one channel of a stream: windows, voice activity, smoothing, meters and summary. A stream that is not
/// split has one channel. Confined to the session's queue.
struct Channel {
    /// Number of the channel in rows, from 1; nil where the stream is not split.
    let number: Int?

    private let settings: SessionSettings
    private let detector: Session.Detector
    private var segmenter: WindowSegmenter
    private var baseline: BaselineTracker
    private var baselineChange = (number: 0, note: "")
    private var smoother: Smoother
    private var meter = LevelMeter()
    /// Samples of speech in sources that have ended.
    private var spokenBefore = 0
    private var summary = SessionSummary()
    /// The newest row about a window, and the monotonic clock, in nanoseconds, when it was logged.
    private var lastWindow: Row?
    private var lastLogged = 0

    init(_ number: Int?, _ settings: SessionSettings, _ detector: Session.Detector) {
        self.number = number
        self.settings = settings
        self.detector = detector
        segmenter = Self.segmenter(settings, origin: 0, detector)
        baseline = Self.tracker(number, settings)
        smoother = Smoother(timeConstant: settings.smoothing)
    }

    /// Stream index of the source's first sample, and the index after its newest.
    var origin: Int { segmenter.origin }
    var position: Int { segmenter.position }

    /// Samples in a full window.
    var windowLength: Int { segmenter.length }

    var snapshot: ChannelSnapshot {
        var snapshot = ChannelSnapshot()
        snapshot.speechTime = AudioFormat.seconds(spokenBefore + segmenter.speech.spokenSamples)
        snapshot.voiceActivity = segmenter.speech.latest
        snapshot.level = meter.level
        snapshot.peak = meter.peak
        snapshot.isClipping = meter.isClipping
        snapshot.waveform = meter.waveform
        snapshot.lastWindow = lastWindow
        snapshot.lastLogged = lastLogged
        snapshot.baseline = baseline.state
        snapshot.baselineChange = baselineChange
        snapshot.summary = summary
        return snapshot
    }

    /// Appends samples, and returns the windows that they complete, oldest first.
    mutating func append(_ samples: ArraySlice<Float>) -> [Window] {
        meter.append(samples)
        return segmenter.append(samples)
    }

    /// Ends the source, and returns the window over its last samples, unless a window ended there.
    mutating func finish() -> Window? { segmenter.finish() }

    /// Corrects a row's logits by the baseline, smooths its scores, sets its decisions, and counts it in the summary. Called
    /// in the order of the rows.
    ///
    /// - Parameter moment: Time of the logging, in nanoseconds of the monotonic clock.
    /// - Returns: The note of a row about the baseline that follows this one; nil for none.
    mutating func enter(_ row: inout Row, at moment: Int) -> String? {
        let before = baseline.state.word
        if row.action == .takeBaseline { row.note = takeBaseline() }
        if let logits = row.logits {
            row.baseline = baseline.state
            let scores = baseline.read(logits, seconds: settings.hop * Double(row.speech ?? 0))
            row.scores = scores
            let smoothed = smoother.smooth(scores, at: row.end)
            row.smoothed = smoothed
            row.decision = Decision(scores, unsureBelow: settings.unsureBelow)
            row.smoothedDecision = Decision(smoothed, unsureBelow: settings.unsureBelow)
        }
        summary.add(row)
        if row.isWindow {
            lastWindow = row
            lastLogged = moment
        }
        guard row.isWindow, baseline.state.word != before else { return nil }
        return note("baseline: learned from \(BaselineTracker.learned.fixed(0)) s of speech")
    }

    private mutating func takeBaseline() -> String {
        guard let seconds = baseline.take() else {
            return note("baseline unchanged: less than \(BaselineTracker.least.fixed(0)) s of speech were heard")
        }
        return note("baseline: the last \(seconds.fixed(1)) s of speech")
    }

    private mutating func note(_ text: String) -> String {
        baselineChange = (baselineChange.number + 1, text)
        return text
    }

    /// Begins another source on the same time line, with its own windows.
    mutating func beginSource() {
        spokenBefore += segmenter.speech.spokenSamples
        segmenter = Self.segmenter(settings, origin: segmenter.position, detector)
        detector.reset()
        smoother.reset()
        baseline = Self.tracker(number, settings)
    }

    private static func tracker(_ number: Int?, _ settings: SessionSettings) -> BaselineTracker {
        BaselineTracker(settings.baseline, settings.correction, channel: (number ?? 1) - 1)
    }

    private static func segmenter(_ settings: SessionSettings, origin: Int, _ detector: Session.Detector)
        -> WindowSegmenter
    {
        let length = AudioFormat.samples(SessionSettings.window)
        return WindowSegmenter(
            length: length, hop: max(1, AudioFormat.samples(settings.hop)), origin: origin,
            speech: SpeechTrack(
                chunk: detector.chunk, threshold: settings.speechThreshold, origin: origin, history: length,
                detector: detector.probability
            )
        )
    }
}
