import Stream
import TUI

/// The session on the dashboard.
final class DashboardPicture: SessionPicture {
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

    func show(_ view: SessionView) {
        dashboard.draw(snapshot(view))
    }

    private func snapshot(_ view: SessionView) -> DashboardSnapshot {
        let session = view.session
        var picture = DashboardSnapshot()
        picture.source = view.source
        picture.modelName = view.model
        picture.history = view.history.points
        picture.markers = view.history.markers
        picture.streamTime = session.streamTime
        picture.elapsed = view.elapsed
        picture.recording = view.recording
        picture.audioFile = view.audio
        picture.ended = view.hasEnded
        picture.message = view.message
        picture.unsureBelow = view.unsureBelow
        picture.room = room(session)
        picture.machine = machine(view)
        guard let row = session.lastWindow else {
            picture.current = .warmingUp(fraction: min(1, session.streamTime / SessionSettings.window))
            return picture
        }
        picture.current = row.scores == nil ? .silence : .speech
        picture.raw = .init(row.scores)
        picture.smoothed = .init(row.smoothed)
        return picture
    }

    private func room(_ session: SessionSnapshot) -> DashboardSnapshot.Room {
        var room = DashboardSnapshot.Room()
        guard session.streamTime > 0 else { return room }
        room.level = Double(session.level)
        room.peakHold = Double(session.peak)
        room.clipping = session.isClipping
        room.voice = Double(session.voiceActivity)
        room.speechShare = session.lastWindow?.speech.map(Double.init)
        room.waveform = session.waveform.map { .init(low: $0.lowerBound, high: $0.upperBound) }
        return room
    }

    private func machine(_ view: SessionView) -> DashboardSnapshot.Machine {
        let summary = view.session.summary
        var machine = DashboardSnapshot.Machine()
        machine.latency = age(view.session)
        machine.inference = view.session.lastWindow?.inference
        machine.realTimeFactor = summary.spoken > 0 ? summary.inferenceMean / 1000 / view.hop : nil
        machine.windows = summary.windows
        machine.windowsDropped = summary.dropped
        machine.secondsDropped = summary.lostSeconds
        machine.overruns = view.overruns
        machine.drift = view.drift.map { .init(ppm: $0.ppm, error: $0.error) }
        return machine
    }

    /// From the end of the newest window to its first picture.
    private func age(_ session: SessionSnapshot) -> Double? {
        guard let row = session.lastWindow, let latency = row.latency else { return drawn?.age }
        if drawn?.sequence != row.sequence {
            drawn = (row.sequence, latency + Double(Clock.now - session.lastLogged) / 1e6)
        }
        return drawn?.age
    }
}
