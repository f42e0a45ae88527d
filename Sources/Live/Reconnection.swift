import Dispatch
import EmotionCapture
import EmotionCore
import EmotionSoundFiles
import EmotionStream

/// Opens the microphone of this ALSA name; it is not started yet.
package typealias MicrophoneFactory = @Sendable (_ device: String, _ mode: ChannelMode) -> any AudioSource

/// Gets a microphone back that went away: by its name, in the background since opening may take seconds, again and
/// again. Meanwhile the stream goes on in silence, so that its time stays true.
final class Reconnection {
    /// One try to open the microphone.
    private final class Attempt: Sendable {
        let outcome = Locked<Result<any AudioSource, CaptureError>?>(nil)
    }

    /// Nanoseconds by which the silence stays behind the clock: the microphone that comes back begins in the past.
    private static let lag = 300_000_000

    /// Why the microphone went away.
    let reason: CaptureError

    private let device: String
    private let mode: ChannelMode
    private let open: MicrophoneFactory
    private let producer: RingProducer
    private let outage: DeviceOutage
    private let clock: SessionClock
    private let begin: Int
    private var backoff = Backoff()
    private var nextTry: Int
    private var attempt: Attempt?

    /// `source` has ended as lost.
    init(
        from source: any AudioSource, mode: ChannelMode, reason: CaptureError, producer: RingProducer,
        clock: SessionClock, open: @escaping MicrophoneFactory
    ) {
        // Ends its thread for sure: from here on the producer is ours.
        source.stop()
        self.clock = clock
        self.open = open
        begin = clock.now()
        device = source.name
        self.mode = mode
        self.reason = reason
        self.producer = producer
        outage = DeviceOutage(producer: producer, since: source.status.lastSampleTime ?? begin, clock: clock)
        nextTry = begin + backoff.next()
    }

    /// To be called a few times a second. The microphone, once it is heard again.
    func step() -> (any AudioSource)? {
        if let attempt {
            switch attempt.outcome.withLock({ $0 }) {
            case nil: return nil
            case .success(let source):
                // Asked in this order: what a lost one gave before is heard.
                let state = source.status.state
                if outage.isOver { return source }
                // Open is not heard: the producer is its thread's, until it gives its first samples or goes again.
                guard case .lost = state else { return nil }
                source.stop()
            case .failure: break
            }
            self.attempt = nil
            nextTry = clock.now() + backoff.next()
        }
        outage.fill(until: clock.now() - Self.lag)
        if clock.now() >= nextTry { attempt = launch() }
        return nil
    }

    /// The session ends: a try under way is waited for and ended, and what is missing up to here is counted.
    func stop() {
        if let attempt {
            while attempt.outcome.withLock({ $0 }) == nil { clock.sleep(5) }
            if case .success(let source) = attempt.outcome.withLock({ $0 }) { source.stop() }
        }
        outage.end(before: 0)
    }

    /// Whether a try is under way.
    var isTrying: Bool { attempt.map { $0.outcome.withLock { $0 == nil } } ?? false }

    /// What the user is told meanwhile.
    var text: String {
        "microphone \"\(device)\" is gone; trying to get it back, \((clock.now() - begin) / 1_000_000_000) s"
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
                        // The first samples begin where the outage ends.
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

/// How long to wait before each next try: a quarter of a second, doubling up to 4 s. Pure.
struct Backoff {
    static let first = 250_000_000
    static let most = 4_000_000_000

    private var pause = Backoff.first

    /// Nanoseconds until the next try.
    mutating func next() -> Int {
        defer { pause = min(Self.most, pause * 2) }
        return pause
    }
}
