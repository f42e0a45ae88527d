import EmotionCore
import EmotionFiles
import EmotionLive
import EmotionNetwork
import EmotionStream
import Glibc

/// Runs a session with its logs and its display, from the first sample to the summary.
final class SessionRunner {
    private let plan: SessionPlan
    private let precision: Precision
    private let live: LiveSession
    private let logController: LogController
    private let audioRecorder: AudioRecorder?
    private let histories: Histories
    private var server: SessionServer?
    /// The microphones that can be heard, while the user chooses one.
    private var meters: SourceMeters?
    private let clock: SessionClock

    private var saving = SavingReporter()
    private var message: StatusMessage
    private var markers = 0
    private var baselineChanges: [Int] = []
    private var reportedLog = false

    private var session: Session { live.session }

    /// Opens the server's port, loads the networks, starts the first source and creates every output file, in this order:
    /// errors are thrown before anything is shown, and a microphone that does not open leaves no file behind. Samples that
    /// arrive meanwhile wait in the ring.
    init(_ given: SessionPlan, clock: SessionClock = .system) throws {
        let plan = given.resolved()
        try plan.checkFiles()
        self.plan = plan
        self.clock = clock
        message = StatusMessage(clock: clock)
        let server = try SessionServer(plan)
        let recognizer = try plan.options.model.classifier()
        let (networks, settings) = (try plan.networks(recognizer), try plan.settings(for: recognizer))
        let model = recognizer.model
        precision = model.precision
        let saving = plan.options.saving
        let histories = Histories(channels: plan.mode.count)
        let logController = LogController(
            sidecar: Sidecar(plan, settings, model: model), format: plan.format, existing: saving.existingLog)
        var audioRecorder: AudioRecorder?
        live = try LiveSession(plan.live(settings), networks: networks, model: model.summary, clock: clock) {
            let log = try plan.logPath.map { try logController.open($0) }
            do {
                audioRecorder = try saving.saveAudio.map {
                    try AudioRecorder(path: $0, existing: saving.existing, channels: plan.mode.count)
                }
            } catch {
                logController.discard()
                throw error
            }
            let sinks: [(any RowSink)?] = [
                plan.printsRows ? JSONLinesLog(format: plan.format) : nil, plan.showsDashboard ? histories : nil,
                server?.rows,
            ]
            return Session.Outputs(
                rows: sinks.compactMap(\.self), log: log, audio: audioRecorder, schedule: plan.repeated?.schedule ?? [],
                lacksPauses: plan.lacksPauses)
        }
        (self.logController, self.audioRecorder, self.histories) = (logController, audioRecorder, histories)
        self.server = server
    }

    /// Runs until the sources end, the duration is over, or the user quits.
    func run() throws {
        Interrupt.install()
        startServer()
        let picture = try openPicture()
        var trouble: (any Error)?
        do {
            live.start()
            try loop(picture)
        } catch {
            trouble = error
        }
        live.stopSource()
        finish(picture)
        picture.close()
        try report(trouble)
    }

    /// Lets the server answer, and says where; nothing else tells its token, so that is said to the quiet too.
    private func startServer() {
        guard let server else { return }
        server.rows.start()
        Console.note(server.announcement)
        message.show(server.announcement, seconds: 15)
    }

    /// Opens the display. A dashboard that cannot be shown leaves no empty files behind.
    private func openPicture() throws -> any SessionDisplay {
        guard plan.showsDashboard else {
            return StatusLine(isQuiet: plan.options.display.quiet || plan.printsRows || plan.logsToOutput)
        }
        do {
            return try DashboardAdapter(plan.options.display, clock: clock)
        } catch {
            live.stopSource()
            logController.discard()
            audioRecorder?.discard()
            throw error
        }
    }

    private func loop(_ picture: any SessionDisplay) throws {
        while !Interrupt.isAsked {
            if let action = picture.wait(milliseconds: 50), !perform(action) { return }
            try live.look().forEach(tell)
            try check()
            if live.isOver { return }
            if live.sourceHasEnded {
                settle(picture)
                guard live.advance() else {
                    hold(picture)
                    return
                }
            }
            show(picture)
        }
    }

    /// Performs an action; returns false if the session is to end.
    private func perform(_ action: SessionAction) -> Bool {
        switch action {
        case .quit: return false
        case .marker:
            markers += 1
            session.perform(.marker("marker \(markers)"))
            message.show("marker \(markers) set at \(clockNow)")
        case .notedMarker(let note, let time): mark(note, begunAt: time)
        case .takeBaseline:
            guard !logController.isPaused else {
                message.show("the recording is paused: what is taken now would be forgotten; resume it first (R)")
                break
            }
            session.perform(.takeBaseline)
        case .toggleRecording: message.show(logController.toggle(session))
        case .listSources: listSources()
        case .chooseSource(let device): chooseSource(device)
        case .leaveSources: leaveSources()
        case .renameSpeaker(let lane, let name): rename(lane, name)
        case .mergeSpeaker(let lane, let other): merge(lane, other)
        }
        return true
    }

    private func listSources() {
        guard case .microphone = plan.input else {
            message.show("no microphone is heard: there is none to choose")
            return
        }
        meters = SourceMeters(heard: live.state.source.name)
        live.isChoosing = true
    }

    private func leaveSources() {
        meters?.close()
        meters = nil
        live.isChoosing = false
    }

    private func chooseSource(_ device: String) {
        let chosen = meters?.meters.first { $0.device == device }
        leaveSources()
        guard let chosen, !chosen.isHeard else { return }
        live.change(to: device, called: chosen.description)
        message.show("opening \"\(chosen.description)\"")
    }

    /// The stream time now, for messages.
    private var clockNow: String { SummaryText.clock(session.snapshot.streamTime.rounded(.down)) }

    /// Adds a marker with a note. Typing takes time: a note that was begun more than 2 s ago says when.
    private func mark(_ note: String, begunAt time: Double) {
        markers += 1
        var text = note.isEmpty ? "marker \(markers)" : note
        if session.snapshot.streamTime - time > 2 { text += " (\(SummaryText.clock(time.rounded(.down))))" }
        session.perform(.marker(text))
        message.show("\"\(text)\" set at \(clockNow)")
    }

    private func rename(_ lane: Int, _ name: SpeakerName) {
        let speakers = session.snapshot.speakers
        guard speakers.indices.contains(lane) else { return }
        guard !speakers.contains(where: { $0.name == name.description }) else {
            message.show("\(name) is another speaker's name")
            return
        }
        session.perform(.renameSpeaker(speakers[lane].name, to: name.description))
        message.show("\(speakers[lane].name) is called \(name)")
    }

    private func merge(_ lane: Int, _ other: Int) {
        let speakers = session.snapshot.speakers
        guard speakers.indices.contains(lane), speakers.indices.contains(other), lane != other else { return }
        session.perform(.mergeSpeaker(speakers[lane].name, into: speakers[other].name))
        message.show("\(speakers[lane].name) is \(speakers[other].name)")
    }

    /// Checks for failures: throws those that end the session, and reports the others.
    private func check() throws {
        if let failure = session.snapshot.failure, !reportedLog {
            if plan.endsWithLog || !plan.showsDashboard { throw failure }
            logController.giveUp()
            message.show(failure.description)
            reportedLog = true
        }
        try logController.note(session.snapshot.actions, live.warnings, heard: live.heardName)
        for line in news() { tell(line) }
        if let line = server?.news() { tell(line) }
        // A problem of the log or the saved sound stays visible as long as it lasts.
        if message.text == nil, let trouble = logController.trouble ?? session.snapshot.audio.trouble {
            message.show(trouble)
        }
    }

    /// The new messages about the log and the saved sound.
    private func news() -> [String] {
        saving.news(logController, session.snapshot.audio, path: audioRecorder?.path) + baselineNews()
    }

    /// The changes of the baselines since the last call.
    private func baselineNews() -> [String] {
        let channels = session.snapshot.channels
        defer { baselineChanges = channels.map(\.baselineChange.number) }
        return channels.enumerated().compactMap { index, channel in
            let known = index < baselineChanges.count ? baselineChanges[index] : 0
            guard channel.baselineChange.number > known else { return nil }
            return (channels.count > 1 ? "channel \(index + 1): " : "") + channel.baselineChange.note
        }
    }

    /// Shows a message on the dashboard, or prints it to standard error if there is none.
    private func tell(_ line: String) {
        message.show(line)
        if !plan.showsDashboard { Console.error(line) }
    }

    /// Waits until the session has read and logged all samples of the source.
    private func settle(_ picture: any SessionDisplay) {
        live.settle { pass(20, picture) }.forEach(tell)
    }

    /// Waits for some milliseconds, and shows the session.
    private func pass(_ milliseconds: Int, _ picture: any SessionDisplay) {
        _ = picture.wait(milliseconds: milliseconds)
        show(picture)
    }

    /// Shows the session on the display, and tells the server its state.
    private func show(_ picture: any SessionDisplay) {
        let state = state
        picture.show(state)
        server?.update(state)
    }

    /// Shows the end of the sources for two seconds, or until the user quits.
    private func hold(_ picture: any SessionDisplay) {
        guard plan.showsDashboard else { return }
        let end = clock.now() + 2_000_000_000
        while clock.now() < end, !Interrupt.isAsked {
            var state = state
            state.hasEnded = true
            picture.show(state)
            if picture.wait(milliseconds: 100) == .quit { return }
        }
    }

    private func finish(_ picture: any SessionDisplay) {
        live.finish { pass(20, picture) }.forEach(tell)
        for line in news() { tell(line) }
        server?.rows.finish { pass($0, picture) }
    }

    /// Prints the summary, then throws the first failure. Called after the screen is closed.
    private func report(_ trouble: (any Error)?) throws {
        let state = state
        let saved = state.session.audio
        let accounts = live.accounting
        if !plan.options.display.quiet {
            // Without a dashboard, all others were printed as they came.
            let untold = live.warnings.filter { plan.showsDashboard || $0.kind == .brokenOff }
            let lines =
                SummaryText.lines(state, accounts, precision) + untold.map { "warning: \($0)" }
                + [plan.logsToOutput ? nil : logController.line, audioRecorder?.line(saved)].compactMap(\.self)
            lines.forEach(plan.printsRows || plan.logsToOutput ? Console.note : Console.print)
        }
        let missing: [Result<Void, any Error>] = [
            Result { try logController.note(state.session.actions, live.warnings, heard: live.heardName) },
            Result { try logController.finish() }, Result { try audioRecorder?.check(saved) },
        ]
        // A reader of the rows that closes the pipe, as `head` does, is no failure.
        if let trouble, (trouble as? FileError)?.isClosedPipe != true { throw trouble }
        if trouble == nil, let failure = state.session.failure { throw failure }
        for result in missing { try result.get() }
        if trouble == nil, let reason = live.outage { throw reason }
        for account in accounts where !account.isBalanced {
            throw Failure(.runTime, AccountingText.complaint(account))
        }
        try reportFailures()
    }

    /// Prints the errors of files that could not be played to their end, except the last one, which it throws; throws too
    /// where sound of a file is lost.
    private func reportFailures() throws {
        guard let last = live.fileFailures.last else {
            guard live.warnings.contains(where: \.losesSound) else { return }
            throw Failure(.runTime, "not all sound of the recordings could be read; the warnings say what is missing")
        }
        for failure in live.fileFailures.dropLast() { Console.error(Failure(failure).message) }
        throw last
    }

    private var state: SessionState {
        var state = live.state
        state.log = logController.shown
        state.audio = audioRecorder.map { ($0.path, $0.bytes) }
        state.histories = histories.all
        state.meters = meters?.meters
        state.message = state.message ?? message.text
        return state
    }
}
