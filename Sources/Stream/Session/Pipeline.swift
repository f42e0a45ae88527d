import Dispatch
import EmotionCore
import EmotionFiles

/// The state of a session: an actor whose executor is the session's serial queue.
actor Pipeline {
    /// A window that is in inference or waits for it.
    struct Job: Sendable {
        /// The samples for the network.
        let clip: [Float]
        let ticket: Int
        /// Arrival of the window's last sample in the stream, in nanoseconds of the monotonic clock.
        let arrival: Int
        let row: Row
    }

    /// Runs the pipeline on the queue.
    private nonisolated let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Starts inference of a job; set once before anything else is called.
    private var run: @Sendable (Job) -> Void = { _ in }

    private let settings: SessionSettings
    private let ring: SampleRing
    private let audio: (any AudioSink)?
    private let clock: SessionClock
    private var sinks: [any RowSink]
    /// The sink that the user pauses and resumes.
    private var log: (any RowSink)?
    private var isLogging: Bool
    /// The next number of the log's rows while it is paused; nil while it is not.
    private var pausedSequence: Int?
    /// Where the recording was paused; nil while it is not. Neither rows nor sound are recorded meanwhile.
    private var pausedAt: Int?
    /// Actions to be performed at their samples, in order.
    private var schedule: ArraySlice<TimedAction>
    /// Whether the source lacks the sound of the pauses in the schedule.
    private let lacksPauses: Bool
    private let isRepetition: Bool

    private var channels: [Channel]
    private var duplicateDetector = DuplicateChannelDetector()
    private var scheduler: WindowScheduler<Job>
    private var sequencer = RowSequencer()
    /// Number of the next row.
    private var nextSequence = 0
    private var state = SessionSnapshot()
    private var sourceEnded = false
    /// The wall clock at the source's first sample.
    private var sourceStart: WallTime?
    /// Stream index of that sample.
    private var sourceOrigin = 0
    /// Frames read at a time: 50 ms, the shortest hop, so that one read completes at most one window a channel before
    /// the scheduler is asked again.
    private static let step = AudioFormat.sampleRate / 20
    private var scratch: [Float]
    private let silence: [Float]

    private var gaps = Gaps()
    /// A loss that is not yet filled with silence to its end.
    private var unfilled: Loss?
    private var clockWatch = ClockWatch()
    private var nextClockLook = 0

    init(
        queue: DispatchQueue, settings: SessionSettings, ring: SampleRing, outputs: Session.Outputs,
        detectors: [Session.Detector], clock: SessionClock
    ) {
        executor = QueueExecutor(queue)
        self.settings = settings
        self.ring = ring
        sinks = outputs.rows
        log = outputs.log
        audio = outputs.audio
        schedule = outputs.schedule[...]
        lacksPauses = outputs.lacksPauses
        isRepetition = !outputs.schedule.isEmpty
        // A log that is to be started later holds nothing before.
        isLogging = !outputs.schedule.contains { $0.action == .startLog }
        self.clock = clock
        channels = detectors.enumerated().map { index, detector in
            Channel(detectors.count > 1 ? index + 1 : nil, settings, detector)
        }
        scheduler = WindowScheduler(policy: settings.isPaced ? .newestFirst : .everyWindow)
        scratch = [Float](repeating: 0, count: Self.step * detectors.count)
        silence = scratch
    }

    func setRun(_ run: @escaping @Sendable (Job) -> Void) {
        self.run = run
    }

    var snapshot: SessionSnapshot {
        var snapshot = state
        snapshot.streamTime = AudioFormat.seconds(position)
        snapshot.channels = channels.map(\.snapshot)
        snapshot.twin = duplicateDetector.trouble
        snapshot.missing = gaps.open?.cause
        return snapshot
    }

    /// Frames of the stream so far, the same for all channels.
    private var position: Int { channels[0].position }

    /// Starts a log in the middle of the session.
    func start(_ log: any RowSink) {
        self.log = log
        isLogging = false
        perform(.startLog)
    }

    /// Performs the scheduled actions whose place has come.
    ///
    /// - Returns: The number of frames that may be read before the next action, at most a step.
    private func performSchedule() -> Int {
        while let next = schedule.first {
            guard next.sample <= position else { return min(Self.step, next.sample - position) }
            schedule.removeFirst()
            perform(next.action)
            if next.action == .pauseLog, lacksPauses { skipPause() }
        }
        return Self.step
    }

    /// Goes on where the recording did after a pause, whose sound the source does not hold.
    private func skipPause() {
        guard let end = schedule.first(where: { $0.action == .resumeLog })?.sample, end > position else { return }
        finishWindows()
        state.skippedTime += AudioFormat.seconds(end - position)
        for index in channels.indices { channels[index].skip(to: end) }
    }

    private func finishWindows() {
        for index in channels.indices {
            if let window = channels[index].finish() { handle(window, of: index, arrival: clock.now()) }
        }
    }

    /// Reads the ring until it is empty or the scheduler is full. Lost samples are replaced by silence, so that stream
    /// time stays exact and a saved recording replays to the same windows.
    func drain() {
        while !scheduler.isFull {
            let most = performSchedule()
            if let loss = unfilled {
                let count = min(loss.samples, most)
                let left = loss.samples - count
                unfilled = left > 0 ? Loss(samples: left, cause: loss.cause) : nil
                gaps.extend(at: position, by: count, loss.cause)
                take(silence[..<(count * channels.count)], isLost: true)
                continue
            }
            let count = unsafe scratch.withUnsafeMutableBufferPointer {
                unsafe ring.read(into: UnsafeMutableBufferPointer(rebasing: $0[..<(most * channels.count)]))
            }
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

    /// Completes a job's row with the result of the network, and starts the next job.
    func finish(_ job: Job, _ result: Result<EmotionScores, any Error>, inference: Double) {
        var row = job.row
        row.inference = inference
        row.latency = Double(clock.now() - job.arrival) / 1e6
        switch result {
        case .success(let logits): row.logits = logits
        case .failure(let error):
            row.status = .failed
            row.note = String(describing: error)
        }
        release(sequencer.complete(job.ticket, with: row))
        perform(scheduler.finished(after: inference / 1000))
    }

    /// Performs an action of the user at the present position of the stream.
    func perform(_ action: StreamAction) {
        state.actions.append(TimedAction(sample: position, action: action))
        switch action {
        case .takeBaseline:
            for channel in channels {
                event(action, channel: channel.number, voice: channel.speakers?.current)
            }
        case .renameSpeaker(let name, let new):
            if let voice = channels[0].rename(name, to: new) { event(action, voice: voice) }
        case .mergeSpeaker(let name, let other):
            if let merger = channels[0].merge(name, into: other) {
                event(action, voice: merger.kept, merger: merger)
            }
        case .marker, .source, .startLog: event(action)
        case .pauseLog: pause()
        case .resumeLog: resume()
        }
    }

    /// Pauses the recording: rows and sound are not written until it goes on.
    private func pause() {
        guard pausedAt == nil else { return }
        closeGap()
        event(.pauseLog)
        pausedAt = position
        for index in channels.indices { channels[index].pauseSpeakers() }
    }

    /// Goes on with the recording. Windows, voice activity, smoothing and baselines depend on nothing that was heard in the
    /// pause, so that the shorter recording can be repeated.
    private func resume() {
        guard let start = pausedAt else { return }
        closeGap()
        finishWindows()
        event(.resumeLog, from: start)
        pausedAt = nil
        for index in channels.indices { channels[index].resumeSpeakers() }
    }

    /// Adds the row of an action of the user.
    ///
    /// - Parameter start: Where the stretch begins that the row is about; nil for a moment.
    private func event(
        _ action: StreamAction, from start: Int? = nil, channel: Int? = nil, voice: Int? = nil,
        merger: VoiceMerger? = nil
    ) {
        let (status, note) = action.row
        var row = row(status, over: (start ?? position)..<position, note: note, channel: channel)
        row.missingSeconds = 0
        row.action = action
        row.voice = voice
        row.speaker = voice.flatMap { channels[(channel ?? 1) - 1].speakers?.name(of: $0) }
        row.merger = merger
        release(sequencer.complete(sequencer.ticket(), with: row))
    }

    /// Adds a marker of the session's own at the present position of the stream.
    func mark(_ note: String) {
        event(.marker, over: position..<position, note: note, channel: nil)
    }

    private func event(_ status: RowStatus, over range: Range<Int>, note: String, channel: Int?) {
        release(sequencer.complete(sequencer.ticket(), with: row(status, over: range, note: note, channel: channel)))
    }

    private func row(_ status: RowStatus, over range: Range<Int>, note: String, channel: Int?) -> Row {
        var row = Row(
            start: AudioFormat.seconds(range.lowerBound), end: AudioFormat.seconds(range.upperBound),
            wallEnd: wallTime(at: range.upperBound), status: status)
        row.missingSeconds = AudioFormat.seconds(range.count)
        row.note = note
        row.channel = channel
        return row
    }

    /// Closes the open gap, because samples follow or the source has ended, and adds a row about it for each channel.
    private func closeGap() {
        guard let gap = gaps.close() else { return }
        for channel in channels {
            event(gap.cause.status, over: gap.range, note: gap.cause.note, channel: channel.number)
        }
    }

    /// Checks the clocks once a second while a paced stream runs.
    private func lookAtClocks() {
        guard settings.isPaced, state.phase == .running else { return }
        let reading = clock.read()
        guard reading.awake >= nextClockLook else { return }
        nextClockLook = reading.awake + 1_000_000_000
        for note in clockWatch.observe(reading) { mark(note) }
    }

    private func take(_ samples: ArraySlice<Float>, isLost: Bool = false) {
        let arrival = clock.now()
        if sourceStart == nil {
            sourceStart = clock.read().wall
            sourceOrigin = position
            duplicateDetector = DuplicateChannelDetector()
            state.phase = .running
        }
        save(samples)
        let parts = separate(samples)
        if parts.count == 2 { duplicateDetector.compare(parts[0], parts[1]) }
        var windows: [(window: Window, channel: Int)] = []
        for (index, part) in parts.enumerated() {
            let completed = isLost ? channels[index].append(lost: part) : channels[index].append(part)
            windows += completed.map { ($0, index) }
        }
        // By time, then by channel.
        windows.sort { ($0.window.end, $0.channel) < ($1.window.end, $1.channel) }
        for (window, channel) in windows { handle(window, of: channel, arrival: arrival) }
    }

    /// Writes samples to the audio sink. A gap in the saved sound becomes a row once the sink keeps samples again.
    private func save(_ samples: ArraySlice<Float>) {
        guard let audio, pausedAt == nil else { return }
        do throws(FileError) {
            try audio.write(Array(samples))
        } catch {
            state.audio.refused(position..<position + samples.count / channels.count, error)
            return
        }
        guard let gap = state.audio.accepted() else { return }
        var row = Row(
            start: AudioFormat.seconds(gap.range.lowerBound), end: AudioFormat.seconds(gap.range.upperBound),
            wallEnd: clock.read().wall, status: .unsaved)
        row.note = gap.note
        release(sequencer.complete(sequencer.ticket(), with: row))
    }

    /// Splits interleaved frames into the samples of each channel.
    private func separate(_ frames: ArraySlice<Float>) -> [ArraySlice<Float>] {
        guard channels.count > 1 else { return [frames] }
        return channels.indices.map { channel in
            stride(from: frames.startIndex + channel, to: frames.endIndex, by: channels.count).map { frames[$0] }[...]
        }
    }

    private func handle(_ window: Window, of channel: Int, arrival: Int) {
        var row = Row(
            start: AudioFormat.seconds(window.start), end: AudioFormat.seconds(window.end),
            wallEnd: wallTime(at: window.end), status: .ok
        )
        row.channel = channels[channel].number
        row.speech = window.speech
        row.level = window.level
        let missing = gaps.missing(from: window.start, to: window.end)
        if let missing { row.note = "\(AudioFormat.seconds(missing.samples).fixed(2)) s of it lost" }
        let ticket = sequencer.ticket()
        let isSpeech = settings.isSpeech(window)
        let speaker = isSpeech ? WindowSpeaker(window) : nil
        if !isSpeech || speaker?.isShared == true {
            // Silence is claimed only where every sample was captured.
            row.status = missing?.cause.status ?? (isSpeech ? .overlap : .silence)
            row.latency = Double(clock.now() - arrival) / 1e6
            release(sequencer.complete(ticket, with: row))
        } else {
            describe(speaker, window, in: &row, of: channel)
            let job = Job(clip: clip(window, speaker), ticket: ticket, arrival: arrival, row: row)
            perform(scheduler.submit(job, channel: channel))
        }
    }

    /// Names the speaker of a window in its row.
    private func describe(_ speaker: WindowSpeaker?, _ window: Window, in row: inout Row, of channel: Int) {
        row.newSpeech = settings.hop * Double(window.speech)
        guard channels[channel].speakers != nil else { return }
        guard let speaker else {
            row.voice = Row.unknownVoice
            return
        }
        row.voice = speaker.voice
        row.speaker = channels[channel].speakers?.name(of: speaker.voice)
        row.newSpeech = settings.hop * Double(speaker.length) / Double(window.samples.count)
    }

    private func clip(_ window: Window, _ speaker: WindowSpeaker?) -> [Float] {
        if let speaker, !speaker.isAlone {
            let parts = speaker.parts(of: window, keepsPauses: settings.silence == .keep)
            return SilenceRemover.clip(window, of: parts, length: channels[0].windowLength)
        }
        return switch settings.silence {
        case .keep: window.samples
        case .cut: SilenceRemover.clip(window, length: channels[0].windowLength)
        }
    }

    /// The wall-clock time of a stream index. In a paced stream, it is the present time minus the length of what
    /// follows the index, read or still in the ring. In a recording read at full speed, it is the time at which the
    /// sample would have been heard, had the recording been played at normal speed.
    private func wallTime(at index: Int) -> WallTime {
        guard !settings.isPaced, let sourceStart else {
            let waiting = (unfilled?.samples ?? 0) + ring.available / channels.count
            return clock.read().wall.advanced(seconds: -AudioFormat.seconds(waiting + position - index))
        }
        return sourceStart.advanced(seconds: AudioFormat.seconds(index - sourceOrigin))
    }

    private func perform(_ actions: [WindowScheduler<Job>.Action]) {
        for action in actions {
            switch action {
            case .run(let job): run(job)
            case .drop(let job):
                var row = job.row
                row.status = .dropped
                row.missingSeconds = settings.hop
                row.note = ["inference fell behind", row.note].filter { !$0.isEmpty }.joined(separator: "; ")
                release(sequencer.complete(job.ticket, with: row))
            }
        }
    }

    /// Smooths rows and writes them to the sinks, in stream order.
    private func release(_ rows: [Row]) {
        for var row in rows {
            if row.action == .resumeLog { resumeRows(at: row.end) }
            number(&row)
            // A row about the session holds no samples, so no channel accounts for it.
            var change: String?
            if channels.count == 1 || row.channel != nil {
                change = channels[(row.channel ?? 1) - 1].enter(&row, at: clock.now())
            }
            write(row)
            if row.action == .pauseLog { pauseRows() }
            guard let change else { continue }
            var following = Row(start: row.end, end: row.end, wallEnd: row.wallEnd, status: .baseline)
            following.channel = row.channel
            following.speaker = row.speaker
            following.note = change
            number(&following)
            write(following)
        }
    }

    private func pauseRows() {
        pausedSequence = nextSequence
        for index in channels.indices { channels[index].pauseVoices() }
    }

    private func resumeRows(at end: Double) {
        if let pausedSequence { nextSequence = pausedSequence }
        pausedSequence = nil
        for index in channels.indices { channels[index].resumeVoices(at: end) }
    }

    private func number(_ row: inout Row) {
        row.sequence = nextSequence
        nextSequence += 1
    }

    /// Hands a row to the sinks.
    private func write(_ row: Row) {
        if row.action == .startLog || row.action == .resumeLog { isLogging = true }
        // Nobody who repeats a session asks what was heard in a pause.
        if isRepetition, pausedSequence != nil { return }
        for sink in sinks + (isLogging ? [log].compactMap(\.self) : []) {
            do {
                try sink.write(row)
            } catch {
                state.failure = state.failure ?? error
                sinks.removeAll { $0 === sink }
                if log === sink { log = nil }
            }
        }
        if row.action == .pauseLog { isLogging = false }
    }

    /// Ends the source, whose samples are all read: handles its last window, and prepares for another source once all
    /// rows are out.
    private func settle() {
        closeGap()
        finishWindows()
        guard scheduler.isIdle, sequencer.isSettled else { return }
        for index in channels.indices { channels[index].beginSource() }
        sourceStart = nil
        sourceEnded = false
        state.phase = .drained
    }
}
