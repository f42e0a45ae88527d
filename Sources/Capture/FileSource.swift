import EmotionCore

/// A recording in place of the microphone: the samples of an ``AudioFile``, on a thread of its own.
///
/// The file is opened, and refused, by `init`; `status` turns to `.finished` when its last sample was handed on.
public final class FileSource: AudioSource {
    public enum Pace: Equatable, Sendable {
        /// A block of 20 ms whenever one would have come from a microphone. What the sink refuses is lost, as there.
        case realTime
        /// As fast as the sink takes samples; when it refuses some, they wait. Nothing is lost.
        case fast
    }

    /// Frames handed on at a time: 20 ms.
    static let block = 320

    /// What runs while the source runs.
    private struct Run {
        let thread: WorkerThread
        let wake: WakeEvent
    }

    /// Unchecked: `init` makes it and then only the thread touches it.
    private final class Reader: @unchecked Sendable {
        let file: AudioFile
        let mode: ChannelMode
        let buffer: SampleBuffer
        /// Why the file could not be read to its end; set before the run counts as finished.
        let failure = Locked<CaptureError?>(nil)

        init(_ file: AudioFile, _ mode: ChannelMode) {
            self.file = file
            self.mode = mode
            buffer = SampleBuffer(count: FileSource.block * mode.count)
        }
    }

    /// The path.
    public let name: String
    public let pace: Pace
    /// Seconds by the file's header, which may lie; nil when it does not say.
    public let duration: Double?

    /// As stored.
    public let channels: Int?

    private let reader: Reader
    private let counters = SourceCounters()
    private let run = Locked<Run?>(nil)

    /// - Parameter mode: With `.split`, a file that has one channel is refused.
    public init(path: String, pace: Pace, mode: ChannelMode = .mixed) throws(CaptureError) {
        let file = try AudioFile(path: path, mode: mode)
        name = path
        self.pace = pace
        duration = file.duration
        channels = file.channels
        reader = Reader(file, mode)
    }

    deinit {
        stop()
    }

    public func start(_ sink: @escaping SampleSink, lost: @escaping LossSink) throws(CaptureError) {
        guard counters.begin() else {
            throw CaptureError(.inputFile, name, cannot: "start", because: "it was started before")
        }
        guard let wake = WakeEvent() else {
            counters.enter(.idle)
            throw outOf("file descriptors")
        }
        // The thread must not keep the source alive, or nobody could end it by letting go of it.
        let (reader, counters, pace) = (self.reader, self.counters, self.pace)
        guard
            let thread = WorkerThread(
                name: "emoscope-file",
                {
                    do throws(CaptureError) {
                        try unsafe Self.play(reader, pace: pace, counters: counters, wake: wake, sink: sink)
                    } catch {
                        reader.failure.withLock { $0 = error }
                    }
                    counters.enter(.finished)
                })
        else {
            counters.enter(.idle)
            throw outOf("threads")
        }
        run.withLock { $0 = Run(thread: thread, wake: wake) }
    }

    public func stop() {
        guard let running = run.withLock({ $0 }) else { return }
        running.wake.signal()
        running.thread.join()
    }

    public var status: SourceStatus {
        var status = counters.snapshot
        status.state =
            switch counters.phase.phase {
            case .idle: .idle
            case .running: .running
            case .finished, .lost: reader.failure.withLock { $0 }.map(SourceStatus.State.failed) ?? .finished
            }
        return status
    }

    private static func play(
        _ reader: Reader, pace: Pace, counters: SourceCounters, wake: WakeEvent, sink: SampleSink
    ) throws(CaptureError) {
        let start = monotonicNanoseconds()
        var position = 0
        while !wake.isSignalled {
            let count = try unsafe reader.file.read(into: reader.buffer.samples)
            guard count > 0 else { return }
            position += count / reader.mode.count
            var offered = 0
            if pace == .realTime {
                // A block is there once its last sample would have been spoken. Reckoned from the start of the file, so
                // that a late block does not delay the ones after it.
                if wake.wait(until: start + position * 1_000_000_000 / AudioFormat.sampleRate) { return }
                offered = unsafe deliver(reader.buffer[0..<count], reader.mode, counters, sink)
                if offered < count { counters.countRefused((count - offered) / reader.mode.count) }
                continue
            }
            while offered < count && !wake.isSignalled {
                let taken = unsafe deliver(reader.buffer[offered..<count], reader.mode, counters, sink)
                offered += taken
                if offered < count { wake.wait(until: monotonicNanoseconds() + 1_000_000) }
            }
        }
    }

    private static func deliver(
        _ samples: UnsafeBufferPointer<Float>, _ mode: ChannelMode, _ counters: SourceCounters, _ sink: SampleSink
    ) -> Int {
        let taken = unsafe min(max(0, sink(samples)), samples.count)
        counters.countDelivered(taken / mode.count)
        return taken
    }

    private func outOf(_ resource: String) -> CaptureError {
        CaptureError(.inputFile, name, cannot: "play", because: "the system has no \(resource) left")
    }
}
