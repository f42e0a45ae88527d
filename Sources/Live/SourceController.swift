import EmotionCapture
import EmotionCore
import EmotionSoundFiles
import EmotionStream

/// The input of a session.
package enum SessionInput: Sendable {
    /// A microphone, by its ALSA name.
    case microphone(device: String)
    /// Recordings, by their paths, one after another on one time line; at least one. `raw` is the format of bare samples,
    /// nil for files with headers.
    case files([String], pace: FileSource.Pace, raw: RawFormat? = nil)
}

/// The sources of a session, one after another: a microphone and its reconnections, or files.
struct SourceController {
    private let input: SessionInput
    private let mode: ChannelMode
    private let clock: SessionClock
    private let openMicrophone: MicrophoneFactory
    private var current: any AudioSource
    private var length: Double?
    private var next = 1
    /// Stream seconds at which the current source began.
    private var origin = 0.0
    /// The errors of files that could not be played to their end, in order.
    private(set) var failures: [any Error] = []
    /// What was wrong with the recordings before the present one.
    private var earlierWarnings: [SoundWarning] = []
    /// The reconnection that runs; nil while the microphone is there.
    private(set) var reconnection: Reconnection?
    /// A message about the source that has begun, until it is taken.
    private var remark: String?
    /// The name for people of the device that was chosen, and of the one that is heard since, until it is taken.
    private var chosenName = ""
    private var changedName: String?
    /// Overruns of the microphone before it went away.
    private var overrunsBefore = 0

    /// The drift of the microphone's clock.
    private(set) var drift = ClockDrift()
    private var nextDriftTime = 0
    private var overrunsSeen = 0

    /// Opens the first source.
    init(
        _ input: SessionInput, _ mode: ChannelMode, clock: SessionClock, openMicrophone: @escaping MicrophoneFactory
    ) throws {
        self.input = input
        self.mode = mode
        self.clock = clock
        self.openMicrophone = openMicrophone
        switch input {
        case .microphone(let device): current = openMicrophone(device, mode)
        case .files(let files, let pace, let raw):
            let file = try FileSource(path: files[0], pace: pace, mode: mode, raw: raw)
            current = file
            length = file.duration
        }
    }

    /// Number of times that the microphone's buffer overran.
    var overruns: Int { overrunsBefore + current.status.overruns }

    /// Whether the channels of the microphone have cancelled one another out for a second or more.
    var channelsCancel: Bool { current.status.samplesCancelled >= AudioFormat.sampleRate }

    /// What was wrong with the recordings that have ended, and what was done about it.
    var warnings: [SoundWarning] {
        let status = current.status
        guard case .failed(let error) = status.state else { return earlierWarnings + status.warnings }
        return earlierWarnings + status.warnings + [SoundWarning(error)]
    }

    /// The name of the source that plays now.
    var name: String { current.name }

    mutating func start(_ producer: RingProducer) throws(CaptureError) {
        try unsafe current.start({ unsafe producer.take($0) }, lost: { producer.lose($0, .overrun) })
        if mode == .split, let channels = current.channels, channels > mode.count {
            remark = "\"\(current.name)\" has \(channels) channels; the first \(mode.count) are heard"
        }
    }

    /// Returns the message about the source that has begun, once.
    mutating func takeRemark() -> String? {
        defer { remark = nil }
        return remark
    }

    func stop() {
        current.stop()
        reconnection?.stop()
    }

    /// Detects the loss of the microphone and reconnects it; returns a message at the loss and once it is back.
    mutating func keepMicrophone(_ producer: RingProducer) -> String? {
        if let reconnection {
            guard let source = reconnection.step() else { return nil }
            overrunsBefore += current.status.overruns
            current = source
            self.reconnection = nil
            if let refusal = reconnection.refusal { return "\(refusal); \"\(source.name)\" is heard again" }
            guard reconnection.chosen != nil else { return "microphone \"\(source.name)\" is back" }
            changedName = chosenName
            return "\"\(chosenName)\" is heard now"
        }
        guard case .microphone = input, case .lost(let reason) = current.status.state else { return nil }
        reconnection = Reconnection(
            from: current, mode: mode, reason: reason, producer: producer, clock: clock, open: openMicrophone)
        // The error advises to start again, which is not needed here.
        let loss = CaptureError(
            reason.subject, reason.name, cannot: reason.attempt, because: reason.problem,
            advice: "reconnecting: plug it in again if it was unplugged")
        return loss.description
    }

    /// Hears another microphone from now on; where it does not open, the one before is heard again.
    ///
    /// - Parameter name: The name for people.
    mutating func change(to device: String, called name: String, _ producer: RingProducer) {
        guard case .microphone = input else { return }
        let since = reconnection.map { running in
            running.stop()
            return clock.now()
        }
        chosenName = name
        reconnection = Reconnection(
            from: current, to: device, since: since, mode: mode, reason: nil, producer: producer, clock: clock,
            open: openMicrophone)
    }

    /// Returns the name of the microphone that was chosen and is heard since the last call.
    mutating func takeChange() -> String? {
        defer { changedName = nil }
        return changedName
    }

    /// Whether the current source has ended. A lost microphone has not: it may come back. Neither has one that is closed
    /// because another one was chosen.
    var hasEnded: Bool {
        guard reconnection == nil else { return false }
        return switch current.status.state {
        case .finished, .failed: true
        case .idle, .running, .lost: false
        }
    }

    /// Starts the next file that opens, with a marker that holds its path; returns false if there is none.
    mutating func advance(_ session: Session, _ producer: RingProducer) -> Bool {
        if case .failed(let error) = current.status.state { failures.append(error) }
        guard case .files(let files, let pace, let raw) = input else { return false }
        while next < files.count {
            let path = files[next]
            next += 1
            do {
                let file = try FileSource(path: path, pace: pace, mode: mode, raw: raw)
                origin = session.snapshot.streamTime
                session.markBoundary(FileName.unicode(path))
                earlierWarnings = warnings
                current = file
                length = file.duration
                try start(producer)
                return true
            } catch {
                failures.append(error)
            }
        }
        return false
    }

    /// Adds a point to the clock drift once a second; a loss begins another line.
    mutating func followClock() {
        let status = current.status
        let now = clock.now()
        if overruns != overrunsSeen || reconnection != nil {
            overrunsSeen = overruns
            drift.cut()
            // The reported lead may still be that of the second before the loss.
            nextDriftTime = now + 2_500_000_000
        }
        guard let lead = status.lead, now >= nextDriftTime else { return }
        nextDriftTime = now + 1_000_000_000
        drift.add(clock: Double(now) / 1e9, lead: lead)
    }

    /// The state of the source at a stream time, in seconds.
    func state(at streamTime: Double) -> SourceState {
        let position = streamTime - origin
        let mode: SourceState.Mode =
            switch input {
            case .microphone where reconnection?.reason != nil: .away
            case .microphone: .live
            case .files(_, .realTime, _) where (current as? FileSource)?.isStream == true: .live
            case .files(_, .realTime, _): .replay(position: position, length: length)
            case .files(_, .fast, _): .fast(position: position, length: length)
            }
        return SourceState(name: current.name, mode: mode)
    }
}
