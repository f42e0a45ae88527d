/// Takes 16 kHz samples (full scale is ±1.0), mono or in whole frames of ``ChannelMode/split``, and returns how many of
/// them it took, from the first on: whole frames again.
///
/// It runs on the source's own thread, for a device a real-time one: it must not block, lock or allocate. The pointer
/// is valid during the call only.
public typealias SampleSink = @Sendable (UnsafeBufferPointer<Float>) -> Int

/// Is told, on the same thread and under the same rules, how many samples of each channel were lost before the next ones
/// to come, as far as the source knows. What the sink itself refuses is not among them.
public typealias LossSink = @Sendable (_ samples: Int) -> Void

/// Where samples come from: a microphone or a file. A source runs once; for another run make another source.
public protocol AudioSource: AnyObject, Sendable {
    /// What a person calls it: the ALSA name of a device, the path of a file.
    var name: String { get }

    /// Channels that the source has; nil while it is not open.
    var channels: Int? { get }

    /// Opens what has to be opened and starts the thread that feeds `sink`.
    ///
    /// - Throws: A ``CaptureError`` when the source cannot be opened or was started before.
    func start(_ sink: @escaping SampleSink, lost: @escaping LossSink) throws(CaptureError)

    /// Ends the thread and waits for its end: the sink is not called afterwards. Harmless when nothing runs.
    /// Not to be called from the sink.
    func stop()

    /// A snapshot, cheap enough to read with every frame of the dashboard, from any thread.
    var status: SourceStatus { get }
}

extension AudioSource {
    /// As `start(_:lost:)`; losses are only counted.
    public func start(_ sink: @escaping SampleSink) throws(CaptureError) {
        try unsafe start(sink, lost: { _ in })
    }
}

/// What a source says about itself. All counts are in samples of each channel at 16 kHz unless said otherwise, and
/// only ever grow.
public struct SourceStatus: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        /// Not started yet.
        case idle
        case running
        /// The file is read to its end, or `stop()` was called.
        case finished
        /// The device went away, or stopped to deliver, during the run.
        case lost(CaptureError)
        /// Something else ended the run, such as a file that breaks off.
        case failed(CaptureError)
    }

    public var state: State = .idle
    /// Samples that the sink took.
    public var samplesDelivered = 0
    /// How often the device had to throw sound away because nobody fetched it (ALSA's xrun), or slept.
    public var overruns = 0
    /// Samples that were lost that way, estimated from the monotonic clock.
    public var samplesLostToOverruns = 0
    /// Samples that the sink refused; a file read as fast as possible waits instead and never loses any.
    public var samplesRefused = 0
    /// `samplesDelivered` at the time of the latest loss of either kind, where the gap lies; nil without a loss.
    public var lastLossPosition: Int?
    /// The monotonic clock, in nanoseconds, when the newest sound was heard that was read; nil for files.
    public var heardUntil: Int?
    /// By how many seconds the device has delivered more than the monotonic clock has counted since the device was
    /// (re)started: the most of a second, since waiting can only make it less. Its slope is the device's drift.
    public var lead: Double?
    /// Seconds between a sound at the device and its sample's reading, as the device tells it; nil when unknown.
    public var deviceDelay: Double?
    /// Whether the thread runs with real-time priority; nil for files and before the start.
    public var isRealTime: Bool?

    public init() {}
}
