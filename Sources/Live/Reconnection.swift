import Dispatch
import EmotionCapture
import EmotionCore
import EmotionSoundFiles
import EmotionStream

/// Makes the source of an ALSA device, which the caller starts.
package typealias MicrophoneFactory = @Sendable (_ device: String, _ mode: ChannelMode) -> any AudioSource

/// The reconnection of a microphone that was lost: it reopens the device by its name, in the background because that
/// may take seconds, and repeats with a back-off until samples arrive. A change to another device is the same, but for the
/// first attempt, which comes at once; where that fails, the device before is opened again.
///
/// Meanwhile the stream is filled with lost samples, so that its time stays exact. Used on one thread.
final class Reconnection {
    /// One attempt to open the microphone.
    private final class Attempt: Sendable {
        let outcome = Locked<Result<any AudioSource, CaptureError>?>(nil)
    }

    /// Nanoseconds by which the filling stays behind the clock, because the first samples of a microphone that comes
    /// back were captured in the past.
    private static let lag = 300_000_000

    /// Why the microphone was lost; nil while another one is chosen and none was lost.
    private(set) var reason: CaptureError?
    /// The device that was chosen; nil where a lost one is reopened.
    let chosen: String?
    /// Why the device that was chosen cannot be heard; nil where it can, or none was chosen.
    private(set) var refusal: CaptureError?

    private var device: String
    /// The device to go back to where the chosen one fails.
    private var fallback: String?
    private let mode: ChannelMode
    private let open: MicrophoneFactory
    private let producer: RingProducer
    private let outage: DeviceOutage
    private let clock: SessionClock
    private let begin: Int
    private var backoff = Backoff()
    private var nextTry: Int
    private var attempt: Attempt?

    /// - Parameters:
    ///   - source: The microphone, in the state `.lost` where another one is not chosen.
    ///   - chosen: The device that was chosen instead.
    ///   - since: Until when the stream is filled already, in nanoseconds of the monotonic clock; nil for the microphone's
    ///     last sample.
    init(
        from source: any AudioSource, to chosen: String? = nil, since: Int? = nil, mode: ChannelMode,
        reason: CaptureError?, producer: RingProducer, clock: SessionClock, open: @escaping MicrophoneFactory
    ) {
        // Waits for the end of the capture thread: from here on, this object uses the producer.
        source.stop()
        self.clock = clock
        self.open = open
        begin = clock.now()
        device = chosen ?? source.name
        self.chosen = chosen
        fallback = chosen == nil ? nil : source.name
        self.mode = mode
        self.reason = reason
        self.producer = producer
        outage = DeviceOutage(
            producer: producer, since: since ?? source.status.lastSampleTime ?? begin, clock: clock)
        nextTry = begin
        if chosen == nil { nextTry += backoff.next() }
    }

    /// Continues the reconnection; called a few times a second. Returns the microphone once it delivers samples.
    func step() -> (any AudioSource)? {
        if let attempt {
            switch attempt.outcome.withLock({ $0 }) {
            case nil: return nil
            case .success(let source):
                // The state is read before `isOver`: samples that came before another loss have then ended the outage.
                let state = source.status.state
                if outage.isOver { return source }
                // The device is open but has delivered nothing. Its thread uses the producer until the first samples or
                // another loss.
                guard case .lost(let problem) = state else { return nil }
                source.stop()
                fail(problem)
            case .failure(let problem): fail(problem)
            }
        }
        outage.fill(until: clock.now() - Self.lag)
        if clock.now() >= nextTry { attempt = launch() }
        return nil
    }

    /// Ends an attempt, and sets the time of the next one: at once for the device before the chosen one.
    private func fail(_ problem: CaptureError) {
        attempt = nil
        if let before = fallback {
            (refusal, device, fallback) = (problem, before, nil)
            nextTry = clock.now()
        } else {
            reason = reason ?? problem
            nextTry = clock.now() + backoff.next()
        }
    }

    /// Ends the reconnection together with the session: waits for a running attempt, stops its source, and counts the
    /// samples missing until now.
    func stop() {
        if let attempt {
            while attempt.outcome.withLock({ $0 }) == nil { clock.sleep(5) }
            if case .success(let source) = attempt.outcome.withLock({ $0 }) { source.stop() }
        }
        outage.end(before: 0)
    }

    /// Whether an attempt is running.
    var isTrying: Bool { attempt.map { $0.outcome.withLock { $0 == nil } } ?? false }

    /// The message for the user during the outage.
    var text: String? {
        guard reason != nil else { return nil }
        return "microphone \"\(device)\" is gone; reconnecting, \((clock.now() - begin) / 1_000_000_000) s"
    }

    private func launch() -> Attempt {
        let attempt = Attempt()
        let (device, mode, open, producer, outage) = (device, mode, open, producer, outage)
        DispatchQueue.global().async {
            let source = open(device, mode)
            let outcome: Result<any AudioSource, CaptureError>
            do throws(CaptureError) {
                try unsafe source.start(
                    { samples in
                        // The outage ends where the first samples begin.
                        outage.end(before: samples.count / mode.count)
                        return unsafe producer.take(samples)
                    },
                    lost: { frames in
                        outage.end(before: frames)
                        producer.lose(frames, .overrun)
                    })
                outcome = .success(source)
            } catch {
                outcome = .failure(error)
            }
            attempt.outcome.withLock { $0 = outcome }
        }
        return attempt
    }
}

/// The back-off between attempts: a quarter of a second, doubled up to 4 s. Pure.
struct Backoff {
    static let first = 250_000_000
    static let most = 4_000_000_000

    private var pause = Backoff.first

    /// Returns the nanoseconds to wait before the next attempt.
    mutating func next() -> Int {
        defer { pause = min(Self.most, pause * 2) }
        return pause
    }
}
