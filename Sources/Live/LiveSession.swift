import EmotionCapture
import EmotionCore
import EmotionSoundFiles
import EmotionStream

/// A microphone or files joined with ring, networks and session: from the first sample to the accounting.
///
/// Whoever owns it calls `look()` some twenty times a second on one thread, `advance(_:)` when the source has ended, and
/// `finish(_:)` at the end.
package final class LiveSession {
    package struct Plan: Sendable {
        package var input: SessionInput
        package var mode: ChannelMode
        package var settings: SessionSettings
        /// Seconds after which a microphone is closed; nil for no end.
        package var duration: Double?
        /// Whether losing the microphone ends the session, rather than waiting for it.
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

    /// Where rows and sound go.
    package struct Outputs {
        package var rows: [any RowSink]
        package var audio: (any AudioSink)?

        package init(rows: [any RowSink], audio: (any AudioSink)? = nil) {
            self.rows = rows
            self.audio = audio
        }
    }

    package let session: Session

    private let plan: Plan
    private let model: String
    private let producer: RingProducer
    private let clock: SessionClock
    private var sources: SourceController
    private var reportedMono = false

    /// Starts the first source, then asks for the outputs: a microphone that does not open leaves no file behind. What
    /// the source gives meanwhile waits in the ring, which holds 4 s.
    package init(
        _ plan: Plan, networks: SessionNetworks, model: String, clock: SessionClock = .system,
        openMicrophone: @escaping MicrophoneFactory = { ALSASource(device: $0, mode: $1) },
        outputs: () throws -> Outputs
    ) throws {
        self.plan = plan
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
                settings: plan.settings, ring: ring, sinks: outputs.rows, audio: outputs.audio,
                detectors: networks.detectors, clock: clock, classifier: networks.classifier)
        } catch {
            sources.stop()
            throw error
        }
    }

    package func start() {
        session.start()
    }

    /// Looks after source, clock and channels.
    ///
    /// - Returns: What the user should be told, each thing once.
    /// - Throws: The reason why the microphone went away, where that ends the session.
    package func look() throws -> [String] {
        var events: [String] = []
        if let event = sources.keepMicrophone(producer) {
            if plan.endsWithDevice, let reason = sources.reconnection?.reason { throw reason }
            events.append(event)
        }
        events += lookAtChannels()
        sources.followClock()
        return events
    }

    /// Whether a microphone has given all that `duration` asks for.
    package var isOver: Bool { producer.isClosed }

    /// Whether the present source has given all that it will.
    package var sourceHasEnded: Bool { sources.hasEnded }

    /// Lets the session read and log all that the source gave.
    ///
    /// - Parameter wait: Passes some milliseconds.
    /// - Returns: What the user should be told.
    package func settle(_ wait: () -> Void) -> [String] {
        session.finishSource()
        while session.snapshot.phase != .drained { wait() }
        return lookAtChannels()
    }

    /// Goes on to the next file that opens, once the present source is settled; false where there is none.
    package func advance() -> Bool { sources.advance(session, producer) }

    /// Ends the source; afterwards no more samples come.
    package func stopSource() {
        sources.stop()
    }

    /// After `stopSource()`: lets the session read and log what there is, and ends it.
    ///
    /// - Parameter wait: Passes some milliseconds.
    /// - Returns: What the user should be told.
    package func finish(_ wait: () -> Void) -> [String] {
        while !producer.flush() { wait() }
        defer { session.stop() }
        return settle(wait)
    }

    /// Where the samples of each channel went.
    package var accounting: [AccountingReport] {
        session.snapshot.channels.map {
            $0.summary.accounting.account(captured: producer.captured, lost: producer.lost)
        }
    }

    /// Why the microphone is away at this moment.
    package var outage: CaptureError? { sources.reconnection?.reason }

    /// Why files could not be played to their end, in order.
    package var fileFailures: [any Error] { sources.failures }

    /// The session at this moment, without the log and the rest that is its owner's.
    package var state: SessionState {
        let snapshot = session.snapshot
        return SessionState(
            session: snapshot, source: sources.state(at: snapshot.streamTime), overruns: sources.overruns,
            drift: sources.drift.estimate, settings: plan.settings,
            model: model, message: sources.reconnection?.text)
    }

    /// What of a split source is not as one would think: channels left out, or two that are one.
    private func lookAtChannels() -> [String] {
        var events = sources.takeRemark().map { [$0] } ?? []
        let soundsMono = session.snapshot.soundsMono
        if soundsMono, !reportedMono {
            events.append("both channels of \"\(sources.name)\" carry the same sound: is it mono?")
        }
        // Another source may be told of again.
        reportedMono = soundsMono
        return events
    }
}
