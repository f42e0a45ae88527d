/// The state of a session. Confined to the session's queue.
final class Pipeline: @unchecked Sendable {
    /// A window on its way through the network.
    struct Job: Sendable {
        /// The samples for the network.
        let clip: [Float]
        let ticket: Int
        /// `Clock.now` when its last sample reached the stream.
        let arrival: Int
        let row: Row
    }

    /// Starts inference of a job; set once before anything else is called.
    var run: (Job) -> Void = { _ in }

    private let settings: SessionSettings
    private let ring: SampleRing
    private let detector: Session.Detector
    private let tap: (@Sendable ([Float]) -> Void)?
    private var sinks: [any RowSink]

    private var cutter: WindowCutter
    private var scheduler: WindowScheduler<Job>
    private var sequencer = RowSequencer()
    private var smoother: Smoother
    private var meter = LevelMeter()
    private var state = SessionSnapshot()
    private var sourceEnded = false
    /// Samples of speech in sources that have ended.
    private var spokenBefore = 0
    /// The wall clock at the source's first sample.
    private var sourceStart: WallTime?
    private var scratch: [Float]

    init(
        settings: SessionSettings, ring: SampleRing, sinks: [any RowSink], detector: Session.Detector,
        tap: (@Sendable ([Float]) -> Void)?
    ) {
        self.settings = settings
        self.ring = ring
        self.sinks = sinks
        self.detector = detector
        self.tap = tap
        cutter = Self.cutter(settings, origin: 0, detector)
        scheduler = WindowScheduler(policy: settings.isPaced ? .newestFirst : .everyWindow)
        smoother = Smoother(timeConstant: settings.smoothing)
        // 50 ms at a time, the shortest hop: a read brings one window at most before the scheduler is asked again.
        scratch = [Float](repeating: 0, count: AudioFormat.sampleRate / 20)
    }

    var snapshot: SessionSnapshot {
        var snapshot = state
        snapshot.streamTime = AudioFormat.seconds(cutter.position)
        snapshot.speechTime = AudioFormat.seconds(spokenBefore + cutter.speech.spokenSamples)
        snapshot.voiceActivity = cutter.speech.latest
        snapshot.level = meter.level
        snapshot.peak = meter.peak
        snapshot.isClipping = meter.isClipping
        snapshot.waveform = meter.waveform
        return snapshot
    }

    func attach(_ sink: any RowSink) {
        sinks.append(sink)
    }

    func detach(_ sink: any RowSink) {
        sinks.removeAll { $0 === sink }
    }

    func reportUnsaved(_ range: Range<Int>, note: String) {
        var row = Row(
            start: AudioFormat.seconds(range.lowerBound), end: AudioFormat.seconds(range.upperBound), wallEnd: .now,
            status: .unsaved)
        row.note = note
        release(sequencer.complete(sequencer.ticket(), with: row))
    }

    /// Reads what the ring holds, as far as the scheduler lets it.
    func drain() {
        while !scheduler.isFull {
            let count = unsafe scratch.withUnsafeMutableBufferPointer { unsafe ring.read(into: $0) }
            guard count > 0 else { break }
            take(scratch[..<count])
        }
        if sourceEnded, ring.available == 0 { settle() }
    }

    func finishSource() {
        sourceEnded = true
        state.phase = .draining
    }

    /// The network has read `job`'s window.
    func finish(_ job: Job, _ result: Result<Scores, any Error>, inference: Double) {
        var row = job.row
        row.inference = inference
        row.latency = Double(Clock.now - job.arrival) / 1e6
        switch result {
        case .success(let scores): row.scores = scores
        case .failure(let error):
            row.status = .failed
            row.note = String(describing: error)
        }
        release(sequencer.complete(job.ticket, with: row))
        perform(scheduler.finished())
    }

    /// A row about this moment of the stream rather than a window.
    func event(_ status: RowStatus, lost: Double, note: String) {
        let now = AudioFormat.seconds(cutter.position)
        var row = Row(start: now, end: now, wallEnd: .now, status: status)
        row.dropped = lost
        row.note = note
        release(sequencer.complete(sequencer.ticket(), with: row))
    }

    private func take(_ samples: ArraySlice<Float>) {
        let arrival = Clock.now
        if sourceStart == nil {
            sourceStart = .now
            state.phase = .running
        }
        tap?(Array(samples))
        meter.append(samples)
        for window in cutter.append(samples) { handle(window, arrival: arrival) }
    }

    private func handle(_ window: Window, arrival: Int) {
        var row = Row(
            start: AudioFormat.seconds(window.start), end: AudioFormat.seconds(window.end),
            wallEnd: wallTime(at: window.end), status: .ok
        )
        row.speech = window.speech
        row.level = window.level
        let ticket = sequencer.ticket()
        if window.speech < settings.minimumSpeech || window.speech == 0 {
            row.status = .silence
            row.latency = Double(Clock.now - arrival) / 1e6
            release(sequencer.complete(ticket, with: row))
        } else {
            perform(scheduler.submit(Job(clip: clip(window), ticket: ticket, arrival: arrival, row: row)))
        }
    }

    private func clip(_ window: Window) -> [Float] {
        switch settings.silence {
        case .keep: window.samples
        case .cut: SpeechCut.clip(window, length: cutter.length)
        }
    }

    /// A clocked stream's wall time is what the clock shows; a recording read as fast as it goes gets the time at
    /// which it would have been heard, had it been played from when it was opened.
    private func wallTime(at index: Int) -> WallTime {
        guard !settings.isPaced, let sourceStart else { return .now }
        return sourceStart.advanced(seconds: AudioFormat.seconds(index - cutter.origin))
    }

    private func perform(_ actions: [WindowScheduler<Job>.Action]) {
        for action in actions {
            switch action {
            case .run(let job): run(job)
            case .drop(let job):
                var row = job.row
                row.status = .dropped
                row.dropped = settings.hop
                row.note = "inference fell behind"
                release(sequencer.complete(job.ticket, with: row))
            }
        }
    }

    /// Rows leave in the order of the stream; smoothing follows that order.
    private func release(_ rows: [Row]) {
        for var row in rows {
            if let scores = row.scores {
                row.smoothed = smoother.smooth(scores, at: row.end)
                row.verdict = scores.verdict(unsureBelow: settings.unsureBelow)
                row.smoothedVerdict = row.smoothed?.verdict(unsureBelow: settings.unsureBelow)
            }
            state.summary.add(row)
            if row.end > row.start, row.status != .unsaved {
                state.lastWindow = row
                state.lastLogged = Clock.now
            }
            for sink in sinks {
                do {
                    try sink.write(row)
                } catch {
                    state.failure = state.failure ?? error
                    detach(sink)
                }
            }
        }
    }

    /// The source has ended and the ring is empty: its last window, then ready for another source.
    private func settle() {
        if let window = cutter.finish() { handle(window, arrival: Clock.now) }
        guard scheduler.isIdle, sequencer.isSettled else { return }
        spokenBefore += cutter.speech.spokenSamples
        cutter = Self.cutter(settings, origin: cutter.position, detector)
        detector.reset()
        smoother.reset()
        sourceStart = nil
        sourceEnded = false
        state.phase = .drained
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
