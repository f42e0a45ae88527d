import EmotionCapture
import EmotionCore
import EmotionFiles
import EmotionStream
import EmotionTUI
import Glibc

/// Runs a session from its first sample to its summary: joins source, ring, session, logs and picture.
final class SessionRunner {
    private let plan: SessionPlan
    private let recognition: Recognition
    private let ring: SampleRing
    private let producer: RingProducer
    private let session: Session
    private let logController: LogController
    private let audioRecorder: AudioRecorder?
    private let histories: Histories

    private var sources: SourceController
    private var saving = SavingReporter()
    private var message = StatusMessage()
    private var markers = 0
    private var reportedLog = false
    private var reportedMono = false
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
        producer = RingProducer(
            ring: ring, channels: mode.count, limit: plan.duration.map(AudioFormat.samples), waits: !plan.isPaced)
        sources = try SourceController(plan.input, mode)
        try sources.start(producer)
        do {
            let saving = plan.options.saving
            let logController = LogController(
                sidecar: Sidecar(plan, model: recognition.model), format: plan.format, existing: saving.existingLog)
            let log = try plan.log.map { try logController.open($0) }
            let audioRecorder: AudioRecorder?
            do {
                audioRecorder = try saving.saveAudio.map {
                    try AudioRecorder(path: $0, existing: saving.existing, channels: mode.count)
                }
            } catch {
                logController.discard()
                throw error
            }
            let tap = audioRecorder.map { audioRecorder in
                { @Sendable (samples: [Float]) in audioRecorder.append(samples) }
            }
            let sinks: [(any RowSink)?] = [
                plan.printsRows ? JSONLinesLog(format: plan.format) : nil, plan.showsDashboard ? histories : nil, log,
            ]
            session = Session(
                settings: plan.settings(for: recognition.model), ring: ring, sinks: sinks.compactMap(\.self),
                detectors: recognition.detectors, tap: tap, classifier: recognition.classifier)
            (self.logController, self.audioRecorder) = (logController, audioRecorder)
        } catch {
            sources.stop()
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
        sources.stop()
        finish(picture)
        picture.close()
        try report(trouble)
    }

    /// A dashboard that cannot be shown leaves no empty files behind.
    private func openPicture() throws -> any SessionDisplay {
        guard plan.showsDashboard else { return StatusLine(isQuiet: plan.options.display.quiet || plan.printsRows) }
        do {
            return try DashboardAdapter(plan.options.display)
        } catch {
            sources.stop()
            logController.discard()
            audioRecorder?.discard()
            throw error
        }
    }

    private func loop(_ picture: any SessionDisplay) throws {
        while !Interrupt.isAsked {
            if let action = picture.wait(milliseconds: 50), !perform(action) { return }
            try keepMicrophone()
            reportChannels()
            sources.followClock()
            try check()
            if producer.isClosed { return }
            if sources.hasEnded {
                settle(picture)
                reportChannels()
                guard sources.advance(session, producer) else {
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
            message.show("marker \(markers) set")
        case .toggleRecording: message.show(logController.toggle(session))
        }
        return true
    }

    /// Looks for what went wrong: throws what ends the session, tells of the rest.
    private func check() throws {
        if let failure = session.snapshot.failure, !reportedLog {
            if plan.endsWithLog || plan.printsRows { throw failure }
            logController.giveUp()
            message.show(failure.description)
            reportedLog = true
        }
        for line in saving.news(logController, audioRecorder, session) { tell(line) }
        // What is wrong with the recording stays in view as long as it is.
        if message.text == nil, let trouble = logController.trouble ?? audioRecorder?.status.trouble {
            message.show(trouble)
        }
    }

    /// A microphone that goes away ends the session only where that was asked for; else it is got back.
    private func keepMicrophone() throws {
        guard let news = sources.keepMicrophone(producer) else { return }
        if plan.endsWithDevice, let reason = sources.reconnection?.reason { throw reason }
        tell(news)
    }

    /// What of a split source is not as one would think: channels left out, or two that are one.
    private func reportChannels() {
        if let remark = sources.takeRemark() { tell(remark) }
        let soundsMono = session.snapshot.soundsMono
        if soundsMono, !reportedMono { tell("both channels of \"\(sources.name)\" carry the same sound: is it mono?") }
        // Another source may be told of again.
        reportedMono = soundsMono
    }

    /// On the dashboard, or on standard error where there is none.
    private func tell(_ line: String) {
        message.show(line)
        if !plan.showsDashboard { Console.error(line) }
    }

    /// Lets the session read and log all that the source gave.
    private func settle(_ picture: any SessionDisplay) {
        session.finishSource()
        while session.snapshot.phase != .drained {
            _ = picture.wait(milliseconds: 20)
            picture.show(view)
        }
    }

    /// The end of a sources stays in view for a moment.
    private func hold(_ picture: any SessionDisplay) {
        guard plan.showsDashboard else { return }
        let end = Clock.now + 2_000_000_000
        while Clock.now < end, !Interrupt.isAsked {
            var view = view
            view.hasEnded = true
            picture.show(view)
            if picture.wait(milliseconds: 100) == .quit { return }
        }
    }

    private func finish(_ picture: any SessionDisplay) {
        while !producer.flush() { _ = picture.wait(milliseconds: 10) }
        settle(picture)
        reportChannels()
        for line in saving.news(logController, audioRecorder, session) { tell(line) }
        session.stop()
    }

    /// After the screen is closed: the summary, then what went wrong.
    private func report(_ trouble: (any Error)?) throws {
        let snapshot = session.snapshot
        let accounts = snapshot.channels.map {
            $0.summary.accounting.account(captured: producer.captured, lost: producer.lost)
        }
        if !plan.options.display.quiet {
            let lines =
                SummaryText.lines(snapshot, accounts, sources.drift.estimate)
                + [logController.line, audioRecorder?.line].compactMap(\.self)
            lines.forEach(plan.printsRows ? Console.note : Console.print)
        }
        let missing: [Result<Void, any Error>] = [
            Result { try logController.finish() }, Result { try audioRecorder?.finish() },
        ]
        // A reader of the rows that has seen enough, as `head` does, is no failure.
        if let trouble, (trouble as? FileError)?.isClosedPipe != true { throw trouble }
        if trouble == nil, let failure = snapshot.failure { throw failure }
        for result in missing { try result.get() }
        if trouble == nil, let reason = sources.reconnection?.reason { throw reason }
        for account in accounts where !account.isBalanced {
            throw Failure(.runTime, AccountingText.complaint(account))
        }
        try sources.reportFailures()
    }

    private var view: SessionDisplayState {
        let snapshot = session.snapshot
        return SessionDisplayState(
            session: snapshot, source: sources.picture(at: snapshot.streamTime), overruns: sources.overruns,
            drift: sources.drift.estimate,
            model: recognition.model.summary, recording: logController.picture, audio: audioRecorder?.path,
            elapsed: Double(Clock.now - begin) / 1e9, hop: plan.options.listening.hop,
            message: sources.reconnection?.text ?? message.text,
            unsureBelow: plan.options.unsure.threshold(recognition.model), histories: histories)
    }
}
