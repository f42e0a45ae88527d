import Capture
import Files
import Glibc
import Stream
import TUI

/// Runs a session from its first sample to its summary: joins source, ring, session, logs and picture.
final class SessionRunner {
    private let plan: SessionPlan
    private let recognition: Recognition
    private let ring: SampleRing
    private let gate: SampleGate
    private let session: Session
    private let recorder: Recorder
    private let saver: AudioSaver?
    private let histories: Histories

    private var playlist: Playlist
    private var saving = SavingReporter()
    private var notice = Notice()
    private var markers = 0
    private var toldOfLog = false
    private var toldOfMono = false
    private let begin = Clock.now

    /// Loads the networks, starts the first source and creates every file that will be written, in this order: what
    /// cannot work is said before anything is shown, and a microphone that does not open leaves no file behind.
    /// What the source gives meanwhile waits in the ring.
    init(_ plan: SessionPlan) throws {
        self.plan = plan
        let mode = plan.mode
        recognition = try Recognition(
            plan.options.model, channels: mode.count, hop: plan.options.listening.hop)
        ring = SampleRing(minimumCapacity: 4 * AudioFormat.sampleRate * mode.count)
        histories = Histories(channels: mode.count)
        gate = SampleGate(
            ring: ring, channels: mode.count, limit: plan.duration.map(AudioFormat.samples), waits: !plan.isPaced)
        playlist = try Playlist(plan.input, mode)
        try playlist.start(gate)
        do {
            let saving = plan.options.saving
            let recorder = Recorder(
                sidecar: Sidecar(plan, model: recognition.model), format: plan.format, existing: saving.existingLog)
            let log = try plan.log.map { try recorder.open($0) }
            let saver: AudioSaver?
            do {
                saver = try saving.saveAudio.map {
                    try AudioSaver(path: $0, existing: saving.existing, channels: mode.count)
                }
            } catch {
                recorder.discard()
                throw error
            }
            let tap = saver.map { saver in { @Sendable (samples: [Float]) in saver.append(samples) } }
            let sinks: [(any RowSink)?] = [
                plan.printsRows ? JSONLinesLog(format: plan.format) : nil, plan.showsDashboard ? histories : nil, log,
            ]
            session = Session(
                settings: plan.settings(for: recognition.model), ring: ring, sinks: sinks.compactMap(\.self),
                detectors: recognition.detectors, tap: tap, classifier: recognition.classifier)
            (self.recorder, self.saver) = (recorder, saver)
        } catch {
            playlist.stop()
            throw error
        }
    }

    /// Runs until the sources end, the time is over, or the user has had enough.
    func run() throws {
        Interrupt.install()
        let picture = try openPicture()
        var trouble: (any Error)?
        do {
            session.start()
            try loop(picture)
        } catch {
            trouble = error
        }
        playlist.stop()
        finish(picture)
        picture.close()
        try report(trouble)
    }

    /// A dashboard that cannot be shown leaves no empty files behind.
    private func openPicture() throws -> any SessionPicture {
        guard plan.showsDashboard else { return StatusLine(isQuiet: plan.options.display.quiet || plan.printsRows) }
        do {
            return try DashboardPicture(plan.options.display)
        } catch {
            playlist.stop()
            recorder.discard()
            saver?.discard()
            throw error
        }
    }

    private func loop(_ picture: any SessionPicture) throws {
        while !Interrupt.isAsked {
            if let action = picture.wait(milliseconds: 50), !perform(action) { return }
            try keepMicrophone()
            tellOfChannels()
            playlist.followClock()
            try check()
            if gate.isClosed { return }
            if playlist.hasEnded {
                settle(picture)
                tellOfChannels()
                guard playlist.advance(session, gate) else {
                    hold(picture)
                    return
                }
            }
            picture.show(view)
        }
    }

    /// Does what a key asks for; false to end.
    private func perform(_ action: DashboardAction) -> Bool {
        switch action {
        case .quit: return false
        case .marker:
            markers += 1
            session.mark("marker \(markers)")
            notice.show("marker \(markers) set")
        case .toggleRecording: notice.show(recorder.toggle(session))
        }
        return true
    }

    /// Looks for what went wrong: throws what ends the session, tells of the rest.
    private func check() throws {
        if let failure = session.snapshot.failure, !toldOfLog {
            if plan.endsWithLog || plan.printsRows { throw failure }
            recorder.giveUp()
            notice.show(failure.description)
            toldOfLog = true
        }
        for line in saving.news(recorder, saver, session) { tell(line) }
        // What is wrong with the recording stays in view as long as it is.
        if notice.text == nil, let trouble = recorder.trouble ?? saver?.status.trouble { notice.show(trouble) }
    }

    /// A microphone that goes away ends the session only where that was asked for; else it is got back.
    private func keepMicrophone() throws {
        guard let news = playlist.keepMicrophone(gate) else { return }
        if plan.endsWithDevice, let reason = playlist.reconnection?.reason { throw reason }
        tell(news)
    }

    /// What of a split source is not as one would think: channels left out, or two that are one.
    private func tellOfChannels() {
        if let remark = playlist.takeRemark() { tell(remark) }
        let soundsMono = session.snapshot.soundsMono
        if soundsMono, !toldOfMono { tell("both channels of \"\(playlist.name)\" carry the same sound: is it mono?") }
        // Another source may be told of again.
        toldOfMono = soundsMono
    }

    /// On the dashboard, or on standard error where there is none.
    private func tell(_ line: String) {
        notice.show(line)
        if !plan.showsDashboard { Console.error(line) }
    }

    /// Lets the session read and log all that the source gave.
    private func settle(_ picture: any SessionPicture) {
        session.finishSource()
        while session.snapshot.phase != .drained {
            _ = picture.wait(milliseconds: 20)
            picture.show(view)
        }
    }

    /// The end of a playlist stays in view for a moment.
    private func hold(_ picture: any SessionPicture) {
        guard plan.showsDashboard else { return }
        let end = Clock.now + 2_000_000_000
        while Clock.now < end, !Interrupt.isAsked {
            var view = view
            view.hasEnded = true
            picture.show(view)
            if picture.wait(milliseconds: 100) == .quit { return }
        }
    }

    private func finish(_ picture: any SessionPicture) {
        while !gate.flush() { _ = picture.wait(milliseconds: 10) }
        settle(picture)
        tellOfChannels()
        for line in saving.news(recorder, saver, session) { tell(line) }
        session.stop()
    }

    /// After the screen is closed: the summary, then what went wrong.
    private func report(_ trouble: (any Error)?) throws {
        let snapshot = session.snapshot
        let accounts = snapshot.channels.map {
            $0.summary.ledger.account(captured: gate.captured, lost: gate.lost)
        }
        if !plan.options.display.quiet {
            let lines =
                SummaryText.lines(snapshot, accounts, playlist.drift.estimate)
                + [recorder.line, saver?.line].compactMap(\.self)
            lines.forEach(plan.printsRows ? Console.note : Console.print)
        }
        let missing: [Result<Void, any Error>] = [Result { try recorder.finish() }, Result { try saver?.finish() }]
        // A reader of the rows that has seen enough, as `head` does, is no failure.
        if let trouble, (trouble as? FileError)?.isClosedPipe != true { throw trouble }
        if trouble == nil, let failure = snapshot.failure { throw failure }
        for result in missing { try result.get() }
        if trouble == nil, let reason = playlist.reconnection?.reason { throw reason }
        for account in accounts where !account.isBalanced {
            throw Failure(.runTime, AccountText.complaint(account))
        }
        try playlist.reportFailures()
    }

    private var view: SessionView {
        let snapshot = session.snapshot
        return SessionView(
            session: snapshot, source: playlist.picture(at: snapshot.streamTime), overruns: playlist.overruns,
            drift: playlist.drift.estimate,
            model: recognition.model.summary, recording: recorder.picture, audio: saver?.path,
            elapsed: Double(Clock.now - begin) / 1e9, hop: plan.options.listening.hop,
            message: playlist.reconnection?.text ?? notice.text,
            unsureBelow: plan.options.unsure.threshold(recognition.model), histories: histories)
    }
}
