import EmotionCore
import EmotionSoundFiles

/// A recording that is played in place of a microphone, on a thread of its own.
///
/// `init` opens the file. The state becomes `.finished` once the sink took the last sample.
public final class FileSource: AudioSource {
    /// The speed at which a recording is played.
    public enum Pace: Equatable, Sendable {
        /// Normal speed, in blocks of 20 ms. Samples that the sink refuses are lost, as with a microphone.
        case realTime
        /// Full speed: as fast as the sink takes samples. Samples that it refuses are offered again, so none are lost.
        case fast
    }

    /// Frames that are delivered at a time: 20 ms, a microphone's period.
    static let blockFrames = 320

    private struct Run {
        let thread: WorkerThread
        let wake: WakeEvent
    }

    /// The path.
    public let name: String
    /// The length in seconds that the file's header claims, which may be wrong; nil if it claims none.
    public let duration: Double?
    /// The number of stored channels.
    public let channels: Int?
    /// Whether it is a pipe, whose samples come as they are written.
    public let isStream: Bool

    private let pace: Pace
    private let mode: ChannelMode
    private let counters = SourceCounters()
    /// The open file; nil once the thread has taken it.
    private let file: Locked<AudioFile?>
    /// Why the file could not be read to its end; set before the phase becomes `finished`.
    private let failure = Locked<SoundFileError?>(nil)
    /// What is wrong with the file; set before the phase becomes `finished`.
    private let warnings = Locked<[SoundWarning]>([])
    private let run = Locked<Run?>(nil)
    private let interrupter: StreamInterrupter?

    /// Opens a recording.
    ///
    /// - Parameters:
    ///   - path: A file or a pipe, as ``AudioFile`` takes it.
    ///   - mode: `.split` refuses a file of one channel.
    ///   - raw: The format of bare samples; nil for a file with a header.
    /// - Throws: A ``SoundFileError`` when the file cannot be read.
    public init(
        path: String, pace: Pace, mode: ChannelMode = .mixed, raw: RawFormat? = nil
    ) throws(SoundFileError) {
        let file = try AudioFile(path: path, mode: mode, raw: raw)
        (isStream, interrupter) = (file.isStream, file.interrupter)
        name = path
        duration = file.duration
        channels = file.channels
        self.pace = pace
        self.mode = mode
        self.file = Locked(file)
    }

    deinit {
        stop()
    }

    public func start(_ sink: @escaping SampleSink, lost: @escaping LossSink) throws(CaptureError) {
        guard counters.begin(), let file = file.withLock({ $0.take() }) else {
            throw CaptureError(.recording, name, cannot: "start", because: "it was started before")
        }
        do throws(CaptureError) {
            guard let wake = WakeEvent() else { throw outOf("file descriptors") }
            // The thread does not retain the source, so that releasing the source ends the thread.
            let player = unsafe Player(pace: pace, mode: mode, counters: counters, wake: wake, sink: sink)
            let (counters, failure, warnings) = (counters, failure, warnings)
            let thread = WorkerThread(name: "emoscope-file") {
                do throws(SoundFileError) {
                    try player.play(file)
                } catch {
                    // What was stopped has not broken off.
                    if !wake.isSignalled { failure.withLock { $0 = error } }
                }
                warnings.withLock { $0 = file.warnings }
                counters.enter(.finished)
            }
            guard let thread else { throw outOf("threads") }
            run.withLock { $0 = Run(thread: thread, wake: wake) }
        } catch {
            counters.enter(.idle)
            throw error
        }
    }

    public func stop() {
        guard let running = run.withLock({ $0 }) else { return }
        running.wake.signal()
        interrupter?.interrupt()
        running.thread.join()
    }

    public var status: SourceStatus {
        var status = counters.snapshot
        status.warnings = warnings.withLock { $0 }
        status.state =
            switch counters.phase.phase {
            case .idle: .idle
            case .running: .running
            case .finished, .lost: failure.withLock { $0 }.map(SourceStatus.State.failed) ?? .finished
            }
        return status
    }

    private func outOf(_ resource: String) -> CaptureError {
        CaptureError(.recording, name, cannot: "play", because: "the system has no \(resource) left")
    }
}

/// The work of a file source's thread: it reads the file block by block and delivers each to the sink.
@safe private struct Player: Sendable {
    let pace: FileSource.Pace
    let mode: ChannelMode
    let counters: SourceCounters
    let wake: WakeEvent
    let sink: SampleSink

    /// Nanoseconds to wait before refused samples are offered again.
    private static let retryDelay = 1_000_000
    /// Nanoseconds by which a stream that kept silent may be played faster than its time afterwards; the ring holds more.
    private static let mostCatchUp = 2_000_000_000

    /// Plays the file to its end, or until `wake` is signalled.
    func play(_ file: AudioFile) throws(SoundFileError) {
        let block = SampleBuffer(count: FileSource.blockFrames * mode.count)
        // The time of a stream begins with its first block.
        var start = file.isStream ? nil : Clock.now
        var position = 0
        while !wake.isSignalled {
            let count = try unsafe file.read(into: block.samples)
            guard count > 0 else { return }
            position += count / mode.count
            switch pace {
            case .realTime:
                // A microphone has a block once its last sample was captured. Deadlines are counted from the start of
                // the file, so that a late block does not delay those after it.
                let length = position * 1_000_000_000 / AudioFormat.sampleRate
                var begin = start ?? Clock.now - length
                if file.isStream { begin = max(begin, Clock.now - length - Self.mostCatchUp) }
                start = begin
                if wake.wait(until: begin + length) { return }
                let taken = unsafe deliver(block[0..<count])
                if taken < count { counters.countRefused((count - taken) / mode.count) }
            case .fast:
                var offset = 0
                while offset < count && !wake.isSignalled {
                    offset += unsafe deliver(block[offset..<count])
                    if offset < count { wake.wait(until: Clock.now + Self.retryDelay) }
                }
            }
        }
    }

    /// Passes samples to the sink.
    ///
    /// - Returns: How many it took.
    private func deliver(_ samples: UnsafeBufferPointer<Float>) -> Int {
        let taken = unsafe min(max(0, sink(samples)), samples.count)
        counters.countDelivered(taken / mode.count)
        return taken
    }
}
