import EmotionCore
import EmotionStream
import EmotionTUI

/// The session on the dashboard.
final class DashboardAdapter: SessionDisplay {
    private let dashboard: Dashboard
    /// The row last drawn and how old its window was by then, milliseconds.
    private var drawn: (sequence: Int, age: Double)?

    init(_ options: DisplayOptions) throws {
        dashboard = try Dashboard(
            options: DashboardOptions(allowsColor: !options.noColor, glyphs: options.noUnicode ? .ascii : nil))
    }

    func wait(milliseconds: Int) -> DashboardAction? {
        guard let key = dashboard.nextKey(timeout: milliseconds) else { return nil }
        return dashboard.handle(key)
    }

    func close() {
        dashboard.close()
    }

    func show(_ view: SessionDisplayState) {
        dashboard.draw(snapshot(view))
    }

    private func snapshot(_ view: SessionDisplayState) -> DashboardSnapshot {
        let session = view.session
        var picture = DashboardSnapshot()
        picture.source = view.source
        picture.modelName = view.model
        picture.voices = zip(session.channels, view.histories.channels).map { channel, history in
            voice(channel, history, session.streamTime)
        }
        picture.markers = view.histories.channels[0].markers
        picture.streamTime = session.streamTime
        picture.elapsed = view.elapsed
        picture.recording = view.recording
        picture.audioFile = view.audio
        picture.ended = view.hasEnded
        picture.message = view.message
        picture.unsureBelow = view.unsureBelow
        picture.performance = machine(view)
        return picture
    }

    private func voice(
        _ channel: ChannelSnapshot, _ history: History, _ streamTime: Double
    ) -> DashboardSnapshot.Voice {
        var voice = DashboardSnapshot.Voice()
        voice.history = history.points
        voice.levels = room(channel, streamTime)
        guard let row = channel.lastWindow else {
            voice.current = .warmingUp(fraction: min(1, streamTime / SessionSettings.window))
            return voice
        }
        voice.current = row.scores == nil ? .silence : .speech
        voice.raw = row.scores ?? EmotionScores()
        voice.smoothed = row.smoothed ?? EmotionScores()
        return voice
    }

    private func room(_ channel: ChannelSnapshot, _ streamTime: Double) -> DashboardSnapshot.InputLevels {
        var room = DashboardSnapshot.InputLevels()
        guard streamTime > 0 else { return room }
        room.level = Double(channel.level)
        room.peakHold = Double(channel.peak)
        room.clipping = channel.isClipping
        room.voice = Double(channel.voiceActivity)
        room.speechShare = channel.lastWindow?.speech.map(Double.init)
        room.waveform = channel.waveform.map { .init(low: $0.lowerBound, high: $0.upperBound) }
        return room
    }

    private func machine(_ view: SessionDisplayState) -> DashboardSnapshot.PerformanceStats {
        let newest = newest(view.session)
        let summaries = view.session.channels.map(\.summary)
        let computed = summaries.reduce(0) { $0 + $1.inferenceMean }
        var machine = DashboardSnapshot.PerformanceStats()
        machine.latency = age(newest)
        machine.inference = newest.lastWindow?.inference
        machine.realTimeFactor = computed > 0 ? computed / 1000 / view.hop : nil
        machine.windows = summaries.reduce(0) { $0 + $1.windows }
        machine.windowsDropped = summaries.reduce(0) { $0 + $1.dropped }
        machine.secondsDropped = summaries[0].lostSeconds
        machine.overruns = view.overruns
        machine.drift = view.drift.map { .init(ppm: $0.ppm, error: $0.error) }
        return machine
    }

    /// The channel whose row came last.
    private func newest(_ session: SessionSnapshot) -> ChannelSnapshot {
        session.channels.max { $0.lastLogged < $1.lastLogged } ?? ChannelSnapshot()
    }

    /// From the end of the newest window to its first picture.
    private func age(_ channel: ChannelSnapshot) -> Double? {
        guard let row = channel.lastWindow, let latency = row.latency else { return drawn?.age }
        if drawn?.sequence != row.sequence {
            drawn = (row.sequence, latency + Double(Clock.now - channel.lastLogged) / 1e6)
        }
        return drawn?.age
    }
}
