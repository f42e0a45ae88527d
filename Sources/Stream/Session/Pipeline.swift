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
    private let clock: SessionClock
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
    private let silence: [Float]

    private var gaps = Gaps()
    /// A loss whose place in the stream is not filled yet.
    private var unfilled: Loss?
    private var clockWatch = ClockWatch()
    private var nextClockLook = 0

    init(
        settings: SessionSettings, ring: SampleRing, sinks: [any RowSink], detector: Session.Detector,
        tap: (@Sendable ([Float]) -> Void)?, clock: SessionClock
    ) {
        self.settings = settings
        self.ring = ring
        self.sinks = sinks
        self.detector = detector
        self.tap = tap
        self.clock = clock
        cutter = Self.cutter(settings, origin: 0, detector)
        scheduler = WindowScheduler(policy: settings.isPaced ? .newestFirst : .everyWindow)
        smoother = Smoother(timeConstant: settings.smoothing)
        // 50 ms at a time, the shortest hop: a read brings one window at most before the scheduler is asked again.
        scratch = [Float](repeating: 0, count: AudioFormat.sampleRate / 20)
        silence = scratch
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
        snapshot.missing = gaps.open?.cause
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

    /// Reads what the ring holds, as far as the scheduler lets it. In the place of what was lost the stream is silent, so
    /// that its time stays true and a saved recording of it replays to the same windows.
    func drain() {
        while !scheduler.isFull {
            if let loss = unfilled {
                let count = min(loss.samples, silence.count)
                let left = loss.samples - count
                unfilled = left > 0 ? Loss(samples: left, cause: loss.cause) : nil
                gaps.extend(at: cutter.position, by: count, loss.cause)
                take(silence[..<count])
                continue
            }
            let count = unsafe scratch.withUnsafeMutableBufferPointer { unsafe ring.read(into: $0) }
            if count > 0 {
                closeGap()
                take(scratch[..<count])
                continue
            }
            unfilled = ring.takeLoss()
            if unfilled == nil { break }
        }
        lookAtClocks()
        if sourceEnded, unfilled == nil, ring.isEmpty { settle() }
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
        perform(scheduler.finished(after: inference / 1000))
    }

    /// A row about this moment of the stream rather than a window.
    func mark(_ note: String) {
        event(.marker, over: cutter.position..<cutter.position, note: note)
    }

    private func event(_ status: RowStatus, over range: Range<Int>, note: String) {
        var row = Row(
            start: AudioFormat.seconds(range.lowerBound), end: AudioFormat.seconds(range.upperBound),
            wallEnd: wallTime(at: range.upperBound), status: status)
        row.dropped = AudioFormat.seconds(range.count)
        row.note = note
        release(sequencer.complete(sequencer.ticket(), with: row))
    }

    /// Sound goes on behind a gap, or the source has ended in one: the row about it.
    private func closeGap() {
        guard let gap = gaps.close() else { return }
        event(gap.cause.status, over: gap.range, note: gap.cause.note)
    }

    /// Once a second of a paced stream.
    private func lookAtClocks() {
        guard settings.isPaced, state.phase == .running else { return }
        let reading = clock.read()
        guard reading.awake >= nextClockLook else { return }
        nextClockLook = reading.awake + 1_000_000_000
        for note in clockWatch.observe(reading) { mark(note) }
    }

    private func take(_ samples: ArraySlice<Float>) {
        let arrival = Clock.now
        if sourceStart == nil {
            sourceStart = clock.read().wall
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
        let missing = gaps.missing(from: window.start, to: window.end)
        if let missing { row.note = "\(AudioFormat.seconds(missing.samples).fixed(2)) s of it lost" }
        let ticket = sequencer.ticket()
        if window.speech < settings.minimumSpeech || window.speech == 0 {
            // Silence is claimed only where everything was heard.
            row.status = missing?.cause.status ?? .silence
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

    /// A clocked stream's wall time is what the clock shows, less what has come since and waits to be read; a recording
    /// read as fast as it goes gets the time at which it would have been heard, had it been played from when
    /// it was opened.
    private func wallTime(at index: Int) -> WallTime {
        guard !settings.isPaced, let sourceStart else {
            let waiting = (unfilled?.samples ?? 0) + ring.available
            return clock.read().wall.advanced(seconds: -AudioFormat.seconds(waiting + cutter.position - index))
        }
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
                row.note = ["inference fell behind", row.note].filter { !$0.isEmpty }.joined(separator: "; ")
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
            if row.isWindow {
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
        closeGap()
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
