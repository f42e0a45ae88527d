import EmotionCore
import EmotionSoundFiles

/// Takes samples from a source and returns how many it took, counted from the first.
///
/// The samples are at 16 kHz with full scale ±1.0, mono or interleaved as by ``ChannelMode/split``; both counts are of
/// whole frames. The sink runs on the source's own thread, for a device a real-time one: it must not block, lock or
/// allocate. The pointer is valid during the call only.
public typealias SampleSink = @Sendable (UnsafeBufferPointer<Float>) -> Int

/// Takes the number of samples of each channel that the source knows to be lost before the next ones that it delivers.
///
/// It runs on the same thread and under the same rules as the ``SampleSink``. Samples that the sink refused are not
/// counted here.
public typealias LossSink = @Sendable (_ samples: Int) -> Void

/// A microphone or a file that delivers samples on a thread of its own.
///
/// A source runs once; for another run, make another source.
public protocol AudioSource: AnyObject, Sendable {
    /// The name that users know: the ALSA name of a device, the path of a file.
    var name: String { get }

    /// The number of channels of the device or file; nil while it is not open.
    var channels: Int? { get }

    /// Opens the source and starts the thread that feeds `sink` and `lost`.
    ///
    /// - Throws: A ``CaptureError`` when the source cannot be opened or was started before.
    func start(_ sink: @escaping SampleSink, lost: @escaping LossSink) throws(CaptureError)

    /// Ends the thread and waits for its end, after which the sink is not called any more.
    ///
    /// It does nothing when nothing runs. The sink must not call it.
    func stop()

    /// The state and the counts of the source, from any thread; cheap enough for every frame of a display.
    var status: SourceStatus { get }
}

extension AudioSource {
    /// Starts the source as `start(_:lost:)` does; losses are counted in `status` only.
    public func start(_ sink: @escaping SampleSink) throws(CaptureError) {
        try unsafe start(sink, lost: { _ in })
    }
}

/// The state and the counts of a source.
///
/// Counts are in samples of each channel at 16 kHz unless said otherwise, and never decrease.
public struct SourceStatus: Equatable, Sendable {
    /// The state of a source.
    public enum State: Equatable, Sendable {
        /// It was not started yet.
        case idle
        /// It delivers samples.
        case running
        /// The file was read to its end, or `stop()` was called.
        case finished
        /// The device went away, or stopped delivering, during the run.
        case lost(CaptureError)
        /// The file broke off before its end.
        case failed(SoundFileError)
    }

    public var state: State = .idle
    /// Samples that the sink took.
    public var samplesDelivered = 0
    /// Number of times that the device discarded sound, because it was not read in time (ALSA's xrun) or the machine
    /// was suspended.
    public var overruns = 0
    /// Samples lost to overruns, estimated from the monotonic clock.
    public var samplesLostToOverruns = 0
    /// Samples that the sink refused and that were dropped; always 0 for a file at `FileSource.Pace.fast`, which waits.
    public var samplesRefused = 0
    /// Samples of a device whose channels cancel one another out where they are mixed; the first channel was taken there.
    public var samplesCancelled = 0
    /// When the newest sample that was read reached the device, in nanoseconds of the monotonic clock; nil for files.
    public var lastSampleTime: Int?
    /// Seconds by which the device has delivered more sound than the monotonic clock counted since it was (re)started,
    /// as the greatest value within a second; its slope is the drift of the device's clock. Nil for files.
    public var lead: Double?
    /// What is wrong with a file that was read to its end or to where it was stopped; empty for devices, and before.
    public var warnings: [SoundWarning] = []
    /// Whether the thread has real-time priority; nil for files and before the start.
    public var isRealTime: Bool?

    /// The status of a source that was not started.
    public init() {}
}
