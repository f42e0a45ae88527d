import CEmotionALSA
import EmotionCore
import EmotionSoundFiles
import Glibc

/// A microphone, or another ALSA capture device, that delivers 16 kHz samples, mono or of two channels.
///
///     let microphone = ALSASource(device: "default")
///     try microphone.start { samples in ring.write(samples) }
///
/// Its thread, named `emoscope-alsa`, waits in `poll`, has real-time priority where the system allows it, and
/// allocates, locks and logs nothing; plugins of alsa-lib, such as the one for PulseAudio, may. Overruns and suspends
/// are recovered from and counted. When the device goes away, the state becomes `.lost`.
public final class ALSASource: AudioSource {
    private struct Run {
        let thread: WorkerThread
        let wake: WakeEvent
        let format: DeviceFormat
    }

    /// The real-time priority that the thread asks for, in Linux's 1…99. It needs `CAP_SYS_NICE` or an `rtprio` limit
    /// at least as high.
    public static let realTimePriority = Int(WorkerThread.realTimePriority)

    public let name: String
    private let preferences: PCMPreferences
    private let stallSeconds: Double
    private let counters = SourceCounters()
    private let run = Locked<Run?>(nil)

    /// Creates a source; `start` opens the device.
    ///
    /// - Parameters:
    ///   - device: An ALSA name as `arecord -D` takes it; a bare number is refused.
    ///   - mode: `.split` refuses a device that has one channel. Sound servers and `plughw:` offer as many channels as
    ///     are asked for; those of a mono microphone are the same.
    public convenience init(device: String = "default", mode: ChannelMode = .mixed) {
        self.init(device: device, preferences: PCMPreferences(mode: mode))
    }

    /// Creates a source with given preferences.
    ///
    /// - Parameter stallSeconds: The time without sound after which the device counts as lost. Sound servers and
    ///   wireless headsets may take two or three seconds to begin.
    init(device: String, preferences: PCMPreferences, stallSeconds: Double = 5) {
        name = device
        self.preferences = preferences
        self.stallSeconds = stallSeconds
    }

    deinit {
        stop()
    }

    /// The format that the device delivers before conversion; nil before the start.
    public var format: DeviceFormat? {
        run.withLock { $0?.format }
    }

    public var channels: Int? { format?.channels }

    public func start(_ sink: @escaping SampleSink, lost: @escaping LossSink) throws(CaptureError) {
        guard counters.begin() else {
            throw CaptureError(.device, name, cannot: "start", because: "it was started before")
        }
        do throws(CaptureError) {
            let device = try PCMDevice(name: name, preferences: preferences)
            let format = device.format
            guard let wake = WakeEvent() else { throw outOf("file descriptors") }
            guard
                let loop = unsafe CaptureLoop(
                    device: device, mode: preferences.mode, counters: counters, wake: wake, stallSeconds: stallSeconds,
                    sink: sink, lost: lost)
            else { throw outOf("memory") }
            let code = loop.start()
            guard code >= 0 else {
                throw CaptureError(
                    .device, name, cannot: "start", because: "it does not run (\(alsaMessage(code)))",
                    advice: "try another of the names that `emoscope devices` lists")
            }
            guard let thread = WorkerThread(name: "emoscope-alsa", { loop.run() }) else { throw outOf("threads") }
            run.withLock { $0 = Run(thread: thread, wake: wake, format: format) }
        } catch {
            counters.enter(.idle)
            throw error
        }
    }

    public func stop() {
        guard let running = run.withLock({ $0 }) else { return }
        running.wake.signal()
        running.thread.join()
    }

    public var status: SourceStatus {
        var status = counters.snapshot
        let (phase, reason) = counters.phase
        status.state =
            switch phase {
            case .idle: .idle
            case .running: .running
            case .finished: .finished
            case .lost: .lost(lossError(reason))
            }
        return status
    }

    private func lossError(_ reason: Int) -> CaptureError {
        let problem =
            reason == CaptureLoop.stalled
            ? "it has delivered nothing for \(stallSeconds) s"
            : "the device is gone (\(alsaMessage(Int32(truncatingIfNeeded: reason))))"
        return CaptureError(
            .device, name, cannot: "go on reading", because: problem, advice: "plug it in again and start again")
    }

    private func outOf(_ resource: String) -> CaptureError {
        CaptureError(.device, name, cannot: "start", because: "the system has no \(resource) left")
    }
}
