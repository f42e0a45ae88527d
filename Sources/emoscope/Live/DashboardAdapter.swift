import EmotionCore
import EmotionLive
import EmotionStream
import EmotionTUI

/// A display that converts the state of the session to snapshots of the dashboard.
final class DashboardAdapter: SessionDisplay {
    private let dashboard: Dashboard
    /// Number of the row drawn last, and the age of its window when it was drawn, in milliseconds.
    private var drawn: (sequence: Int, age: Double)?
    /// Points of each channel's curves, and the revision of the history that they were made from.
    private var curves: [(revision: Int, points: [DashboardSnapshot.Point])] = []
    /// The look that the dashboard began with.
    private let first: RememberedLook
    private let clock: SessionClock

    init(_ options: DisplayOptions, clock: SessionClock = .system) throws {
        self.clock = clock
        let last = RememberedLook.last
        dashboard = try Dashboard(
            options: DashboardOptions(
                allowsColor: !options.noColor, glyphs: options.noUnicode ? .ascii : nil,
                theme: options.theme ?? last?.theme ?? .dark, view: options.view ?? last?.view ?? .trajectory))
        first = RememberedLook(dashboard)
    }

    func wait(milliseconds: Int) -> SessionAction? {
        guard let key = dashboard.nextKey(timeout: milliseconds) else { return nil }
        switch dashboard.handle(key) {
        case .quit: return .quit
        case .marker: return .marker
        case .notedMarker(let note, let time): return .notedMarker(note, time: time)
        case .toggleRecording: return .toggleRecording
        case .takeBaseline: return .takeBaseline
        case .listSources: return .listSources
        case .chooseSource(let device): return .chooseSource(device)
        case .leaveSources: return .leaveSources
        case .renameSpeaker(let lane, let name): return .renameSpeaker(lane: lane, name: name)
        case .mergeSpeaker(let lane, let into): return .mergeSpeaker(lane: lane, into: into)
        case nil: return nil
        }
    }

    func close() {
        dashboard.close()
        let look = RememberedLook(dashboard)
        if look != first { look.keep() }
    }

    func show(_ state: SessionState) {
        dashboard.draw(snapshot(state))
    }

    private func snapshot(_ state: SessionState) -> DashboardSnapshot {
        let session = state.session
        updateCurves(state.histories)
        var picture = DashboardSnapshot()
        picture.source = source(state.source, heard: state.heard)
        picture.sources = state.meters?.map { microphone($0, state) }
        picture.modelName = state.model
        picture.voices = voices(state)
        picture.markers = state.histories[0].withContent { history in
            history.markers.map { .init(time: $0.time, note: $0.note) }
        }
        picture.streamTime = session.streamTime
        picture.recording = recording(state.log)
        picture.audio = state.audio.map { .init(file: $0.path, bytes: $0.bytes) }
        picture.ended = state.hasEnded
        picture.message = state.message
        picture.unsureBelow = state.settings.unsureBelow
        picture.performance = performance(state)
        return picture
    }

    /// A microphone that can be chosen. The level of the one that is heard is the session's.
    private func microphone(_ meter: SourceMeters.Meter, _ state: SessionState) -> DashboardSnapshot.Microphone {
        let level = meter.isHeard ? state.session.level : meter.level
        return .init(
            device: meter.device, description: meter.description, isHeard: meter.isHeard, level: level.map(Double.init),
            problem: meter.problem)
    }

    private func source(_ source: SourceState, heard: String?) -> DashboardSnapshot.Source {
        let mode: DashboardSnapshot.Mode =
            switch source.mode {
            case .live: .live
            case .away: .away
            case .replay(let position, let length): .replay(position: position, length: length)
            case .fast(let position, let length): .fast(position: position, length: length)
            }
        return .init(name: heard ?? source.name, mode: mode)
    }

    private func recording(_ log: LogState) -> DashboardSnapshot.Recording {
        switch log {
        case .off: .off
        case .on(let path, let rows, let bytes): .on(file: path, rows: rows, bytes: bytes)
        case .paused(let path, let rows, let bytes): .paused(file: path, rows: rows, bytes: bytes)
        }
    }

    /// Converts the points of each channel's curves where its history has changed.
    private func updateCurves(_ histories: [History]) {
        while curves.count < histories.count { curves.append((revision: -1, points: [])) }
        for (channel, history) in histories.enumerated() {
            let known = curves[channel].revision
            let changed = history.withContent { history in
                history.revision == known ? nil : (history.revision, history.points.map(Self.point))
            }
            if let changed { curves[channel] = changed }
        }
    }

    private static func point(_ point: History.Point) -> DashboardSnapshot.Point {
        let status: DashboardSnapshot.Status =
            switch point.status {
            case .ok: .ok
            case .silence: .silence
            case .overlap: .overlap
            default: .dropped
            }
        // A window is about its middle.
        return .init(
            time: point.time - SessionSettings.window / 2, status: status, raw: point.scores ?? EmotionScores(),
            smoothed: point.smoothed ?? EmotionScores())
    }

    /// The lanes: the speakers on the only channel, once there are some, else the channels.
    private func voices(_ state: SessionState) -> [DashboardSnapshot.Voice] {
        let session = state.session
        guard !session.speakers.isEmpty else {
            return session.channels.indices.map { index in
                voice(state, session.channels[index], curves[index].points)
            }
        }
        return session.speakers.map { speaker in
            // Who has not spoken yet has no history.
            let curve = speaker.voice < curves.count ? curves[speaker.voice].points : []
            var voice = voice(state, session.channels[0], curve)
            if let newest = session.lastWindow, newest.voice != speaker.voice, voice.current != .muted {
                voice.current = newest.status == .overlap ? .overlap : .silence
            }
            voice.baseline = speaker.baseline.text
            voice.name = speaker.name
            voice.talkTime = speaker.talkTime
            voice.isSpeaking = speaker.isSpeaking
            return voice
        }
    }

    private func voice(
        _ state: SessionState, _ channel: ChannelSnapshot, _ curve: [DashboardSnapshot.Point]
    ) -> DashboardSnapshot.Voice {
        let streamTime = state.session.streamTime
        let trouble = state.trouble(of: channel)
        var voice = DashboardSnapshot.Voice()
        voice.history = curve
        voice.baseline = channel.baseline.text
        voice.levels = levels(channel, streamTime)
        if streamTime > 0 { voice.levels.trouble = trouble?.rawValue }
        guard let row = channel.lastWindow else {
            voice.current = .warmingUp(fraction: min(1, streamTime / SessionSettings.window))
            return voice
        }
        voice.current = trouble == .muted ? .muted : row.scores == nil ? .silence : .speech
        voice.raw = row.scores ?? EmotionScores()
        voice.smoothed = row.smoothed ?? EmotionScores()
        return voice
    }

    private func levels(_ channel: ChannelSnapshot, _ streamTime: Double) -> DashboardSnapshot.InputLevels {
        var levels = DashboardSnapshot.InputLevels()
        guard streamTime > 0 else { return levels }
        levels.level = Double(channel.level)
        levels.peakHold = Double(channel.peak)
        levels.clipping = channel.isClipping
        levels.voice = Double(channel.voiceActivity)
        levels.speechShare = channel.lastWindow?.speech.map(Double.init)
        levels.waveform = channel.waveform.map { .init(low: $0.lowerBound, high: $0.upperBound) }
        return levels
    }

    private func performance(_ state: SessionState) -> DashboardSnapshot.PerformanceStats {
        let newest = newest(state.session)
        let summaries = state.session.channels.map(\.summary)
        let computed = summaries.reduce(0) { $0 + $1.inferenceMean }
        var performance = DashboardSnapshot.PerformanceStats()
        performance.latency = age(newest)
        performance.inference = newest.lastWindow?.inference
        performance.realTimeFactor = computed > 0 ? computed / 1000 / state.settings.hop : nil
        performance.windows = summaries.reduce(0) { $0 + $1.windows }
        performance.windowsDropped = summaries.reduce(0) { $0 + $1.dropped }
        performance.secondsLost = summaries[0].lostSeconds
        performance.overruns = state.overruns
        performance.drift = state.drift.map { .init(ppm: $0.ppm, error: $0.error) }
        return performance
    }

    /// The channel whose newest window was logged last.
    private func newest(_ session: SessionSnapshot) -> ChannelSnapshot {
        session.channels.max { $0.lastLogged < $1.lastLogged } ?? ChannelSnapshot()
    }

    /// Milliseconds from the end of the newest window to its first picture.
    private func age(_ channel: ChannelSnapshot) -> Double? {
        guard let row = channel.lastWindow, let latency = row.latency else { return drawn?.age }
        if drawn?.sequence != row.sequence {
            drawn = (row.sequence, latency + Double(clock.now() - channel.lastLogged) / 1e6)
        }
        return drawn?.age
    }
}
