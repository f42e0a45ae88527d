import EmotionCapture
import EmotionCore
import EmotionSoundFiles
import EmotionStream

/// A live session: a microphone or files, the ring buffer, the networks and the stream's session, joined.
///
/// Its owner uses it on one thread: it calls `look()` about twenty times a second, `settle(_:)` and `advance()` when
/// the source has ended, and `stopSource()` and `finish(_:)` at the end.
package final class LiveSession {
    package struct Plan: Sendable {
        package var input: SessionInput
        package var mode: ChannelMode
        package var settings: SessionSettings
        /// Seconds of the stream after which the session ends; nil for no limit.
        package var duration: Double?
        /// Whether losing the microphone ends the session, rather than starting a reconnection.
        package var endsWithDevice: Bool

        package init(
            input: SessionInput, mode: ChannelMode, settings: SessionSettings, duration: Double? = nil,
            endsWithDevice: Bool = false
        ) {
            self.input = input
            self.mode = mode
            self.settings = settings
            self.duration = duration
            self.endsWithDevice = endsWithDevice
        }
    }

    package let session: Session

    private let plan: Plan
    private let model: String
    private let producer: RingProducer
    private let clock: SessionClock
    private var sources: SourceController
    /// The source of the sound server that is heard.
    private let heard = HeardSource()
    /// The name of that source, as it was said last; nil before one is known.
    private var named: String?
    /// Whether other devices are open for their levels, so that streams of this process are not all the session's.
    package var isChoosing = false
    private var reportedTwin: InputTrouble?
    private var reportedWarnings = 0
    /// The trouble of each channel's sound that was reported last.
    private var reported: [InputTrouble?]

    /// Starts the first source, then creates the outputs, so that a microphone that does not open leaves no file
    /// behind. Samples that arrive meanwhile wait in the ring, which holds 4 s.
    package init(
        _ plan: Plan, networks: SessionNetworks, model: String, clock: SessionClock = .system,
        openMicrophone: @escaping MicrophoneFactory = { ALSASource(device: $0, mode: $1) },
        outputs: () throws -> Session.Outputs
    ) throws {
        self.plan = plan
        reported = Array(repeating: nil, count: plan.mode.count)
        self.model = model
        self.clock = clock
        let channels = plan.mode.count
        let ring = SampleRing(minimumCapacity: 4 * AudioFormat.sampleRate * channels)
        producer = RingProducer(
            ring: ring, channels: channels, limit: plan.duration.map(AudioFormat.samples),
            waits: !plan.settings.isPaced)
        sources = try SourceController(plan.input, plan.mode, clock: clock, openMicrophone: openMicrophone)
        try sources.start(producer)
        do {
            let outputs = try outputs()
            session = Session(
                settings: plan.settings, ring: ring, outputs: outputs,
                detectors: networks.detectors, clock: clock, classifier: networks.classifier)
        } catch {
            sources.stop()
            throw error
        }
    }

    package func start() {
        session.start()
    }

    /// Checks the source, its clock and its channels.
    ///
    /// - Returns: New messages for the user.
    /// - Throws: The reason why the microphone was lost, if that ends the session.
    package func look() throws -> [String] {
        var events: [String] = []
        if let event = sources.keepMicrophone(producer) {
            if plan.endsWithDevice, let reason = sources.reconnection?.reason { throw reason }
            events.append(event)
        }
        events += lookAtSource() + newEvents() + lookAtLevels()
        sources.followClock()
        return events
    }

    /// Hears another microphone from now on; where it does not open, the one before is heard again. Returns at once.
    ///
    /// - Parameters:
    ///   - device: The ALSA name.
    ///   - name: The name for people.
    package func change(to device: String, called name: String) {
        heard.forget()
        sources.change(to: device, called: name, producer)
    }

    /// The source of the sound server that is heard, by its name for people; nil where no server is asked or it does not
    /// tell.
    package var heardName: String? { heard.description }

    /// Notes the microphone that is heard now, where it is another one than before: the user has chosen it, or the sound
    /// server has moved the stream.
    ///
    /// - Returns: A message for the user, if the server has.
    private func lookAtSource() -> [String] {
        guard case .microphone = plan.input else { return [] }
        if let name = sources.takeChange() {
            session.perform(.source(name))
            named = name
        }
        guard !sources.name.isHardware else { return [] }
        if sources.reconnection != nil { heard.forget() }
        heard.look(mayBegin: sources.reconnection == nil && !isChoosing)
        guard let name = heard.description, name != named else { return [] }
        defer { named = name }
        guard named != nil else { return [] }
        session.perform(.source(name))
        return ["\"\(name)\" is heard now: the sound server has changed the source"]
    }

    /// Whether the stream has reached the length that `duration` sets.
    package var isOver: Bool { producer.isClosed }

    /// Whether the present source has ended.
    package var sourceHasEnded: Bool { sources.hasEnded }

    /// Ends the present source, and waits until the session has read and logged all its samples.
    ///
    /// - Parameter wait: Sleeps for some milliseconds; called repeatedly.
    /// - Returns: New messages for the user.
    package func settle(_ wait: () -> Void) -> [String] {
        session.finishSource()
        while session.snapshot.phase != .drained { wait() }
        return newEvents()
    }

    /// Starts the next file that opens, after `settle(_:)`; returns false if there is none.
    package func advance() -> Bool { sources.advance(session, producer) }

    /// Stops the source; no samples arrive afterwards.
    package func stopSource() {
        sources.stop()
    }

    /// Ends the session, after `stopSource()`, once it has read and logged all samples.
    ///
    /// - Parameter wait: Sleeps for some milliseconds; called repeatedly.
    /// - Returns: New messages for the user.
    package func finish(_ wait: () -> Void) -> [String] {
        while !producer.flush() { wait() }
        defer { session.stop() }
        return settle(wait)
    }

    /// The sample accounting of each channel.
    package var accounting: [AccountingReport] {
        session.snapshot.channels.map {
            $0.summary.accounting.account(captured: producer.captured, lost: producer.lost)
        }
    }

    /// Why the microphone is away; nil while it is there.
    package var outage: CaptureError? { sources.reconnection?.reason }

    /// What was wrong with the recordings that have ended, those that broke off included, in order.
    package var warnings: [SoundWarning] { sources.warnings }

    /// The errors of files that could not be played to their end, in order.
    package var fileFailures: [any Error] { sources.failures }

    /// What is wrong with the channels of the source beside one another.
    private func twin(_ snapshot: SessionSnapshot) -> InputTrouble? {
        snapshot.twin ?? (sources.channelsCancel ? .inverted : nil)
    }

    /// The state of the session for displays, without the log, the saved sound and the histories, which its owner adds.
    package var state: SessionState {
        let snapshot = session.snapshot
        return SessionState(
            session: snapshot, twin: twin(snapshot),
            source: sources.state(at: snapshot.streamTime - snapshot.skippedTime),
            overruns: sources.overruns,
            drift: sources.drift.estimate, waiting: AudioFormat.seconds(producer.waiting), settings: plan.settings,
            heard: heardName, model: model, message: sources.reconnection?.text)
    }

    /// Messages about a microphone that is muted, too loud or too quiet, when that begins, and when its sound is back.
    /// Each trouble is reported once in a row; a pause between words is no end of it.
    private func lookAtLevels() -> [String] {
        guard case .microphone = plan.input, outage == nil else { return [] }
        var events: [String] = []
        for (index, channel) in session.snapshot.channels.enumerated() {
            let place = plan.mode == .split ? "channel \(index + 1): " : ""
            if let trouble = channel.trouble {
                if trouble != reported[index] { events.append(place + trouble.advice) }
                reported[index] = trouble
            } else if reported[index] == .muted, channel.peak > InputTrouble.zero {
                events.append(place + "there is sound again")
                reported[index] = nil
            }
        }
        return events
    }

    /// Messages about the channels of a split source, of which some are not read or two carry the same sound, and about
    /// what was wrong with recordings. Those that broke off are errors at the end of the session.
    private func newEvents() -> [String] {
        var events = sources.takeRemark().map { [$0] } ?? []
        let warnings = sources.warnings
        events += warnings.dropFirst(reportedWarnings).filter { $0.kind != .brokenOff }.map { "warning: \($0)" }
        reportedWarnings = warnings.count
        let twin = self.twin(session.snapshot)
        if let twin, twin != reportedTwin { events.append("\"\(sources.name)\": \(twin.advice)") }
        // Another source may be reported again.
        reportedTwin = twin
        return events
    }
}

extension String {
    /// Whether an ALSA name is that of hardware, which no sound server stands before.
    fileprivate var isHardware: Bool { hasPrefix("hw:") || hasPrefix("plughw:") }
}
