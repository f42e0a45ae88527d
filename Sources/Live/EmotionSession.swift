import EmotionCapture
import EmotionCore
import EmotionNetwork
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream
import Synchronization

/// The rows of a microphone or of recordings, as they come: a window each half second, losses, markers.
///
///     let recognizer = try EmotionRecognizer()
///     for try await row in try EmotionSession(microphone: "default", recognizer: recognizer) {
///         print(row.end, row.decision)
///     }
///
/// A session runs from its creation on; rows wait until they are asked for. It ends with its last recording, with
/// ``stop()``, or when the loop is left or its task is cancelled, which closes the device. A microphone that goes away is
/// waited for, and what it missed is a row. The rows are for one loop.
public final class EmotionSession: AsyncSequence, Sendable {
    public typealias Element = Row

    private let rows: AsyncThrowingStream<Row, any Error>
    private let driver: SessionDriver
    /// Whether an iterator answers for the session's end.
    private let isIterated = Atomic<Bool>(false)

    /// Opens a microphone.
    ///
    /// - Parameters:
    ///   - device: An ALSA name as `arecord -D` takes it.
    ///   - recognizer: The network; its weights must have a head.
    ///   - settings: How the stream is read.
    /// - Throws: ``LiveError`` where the device does not open, the weights do not fit, or a setting is out of its range.
    public convenience init(
        microphone device: String = "default", recognizer: EmotionRecognizer, settings: Settings = Settings()
    ) throws(LiveError) {
        try self.init(.microphone(device: device), recognizer, settings)
    }

    /// Opens a recording.
    ///
    /// - Parameters:
    ///   - path: WAV, FLAC, Ogg Vorbis, Opus, MP3 or what else libsndfile reads.
    ///   - recognizer: The network; its weights must have a head.
    ///   - settings: How the stream is read.
    /// - Throws: As ``init(microphone:recognizer:settings:)``.
    public convenience init(
        file path: String, recognizer: EmotionRecognizer, settings: Settings = Settings()
    ) throws(LiveError) {
        try self.init(files: [path], recognizer: recognizer, settings: settings)
    }

    /// Opens recordings that follow one another on one time line.
    ///
    /// Each recording after the first begins with a marker that holds its path. One that cannot be read is left out, and the
    /// rows end with its error.
    ///
    /// - Parameters:
    ///   - paths: At least one.
    ///   - recognizer: The network; its weights must have a head.
    ///   - settings: How the stream is read.
    /// - Throws: As ``init(microphone:recognizer:settings:)``, where the first recording does not open.
    public convenience init(
        files paths: [String], recognizer: EmotionRecognizer, settings: Settings = Settings()
    ) throws(LiveError) {
        guard !paths.isEmpty else { throw LiveError(.recording, "cannot play no files: name one") }
        try self.init(.files(paths, pace: settings.playsAtPaceOfTime ? .realTime : .fast), recognizer, settings)
    }

    private init(
        _ input: SessionInput, _ recognizer: EmotionRecognizer, _ settings: Settings
    ) throws(LiveError) {
        if let problem = settings.problem { throw LiveError(.settings, problem) }
        guard recognizer.model.hasHead else {
            throw LiveError(
                .weights, "\"\(recognizer.model.path)\" holds an encoder without a head: choose weights with a head")
        }
        let isPaced = if case .files(_, .fast) = input { false } else { true }
        let mode = settings.splitsChannels ? ChannelMode.split : .mixed
        let plan = LiveSession.Plan(
            input: input, mode: mode, settings: settings.stream(isPaced: isPaced, model: recognizer.model),
            duration: settings.duration, endsWithDevice: !settings.waitsForMicrophone)
        let (rows, continuation) = AsyncThrowingStream.makeStream(of: Row.self)
        self.rows = rows
        do {
            let networks = try SessionNetworks(
                model: recognizer.model, voiceActivityPath: recognizer.voiceActivityPath, channels: mode.count,
                hop: settings.hop)
            driver = SessionDriver(
                try LiveSession(plan, networks: networks, model: recognizer.model.path) {
                    LiveSession.Outputs(rows: [RowStream(continuation)])
                }, continuation, onEvent: settings.onEvent)
        } catch {
            throw LiveError(source: error) ?? LiveError(.weights, String(describing: error))
        }
        driver.start()
    }

    deinit {
        if !isIterated.load(ordering: .relaxed) { driver.cancel() }
    }

    /// Ends the session in order: the source is closed, what it gave is read, and the rows end behind the last one. Returns
    /// at once.
    public func stop() {
        driver.finish()
    }

    /// Where the samples went, for each channel of a split session or for the one of another; nil until the rows have
    /// ended.
    public var accounting: [AccountingReport]? { driver.accounting }

    public func makeAsyncIterator() -> Iterator {
        isIterated.store(true, ordering: .relaxed)
        return Iterator(rows.makeAsyncIterator(), driver)
    }

    /// The rows of a session, in order. The session ends when it is let go of.
    public struct Iterator: AsyncIteratorProtocol {
        /// Ends the session when the loop is left.
        private final class Guard {
            private let driver: SessionDriver

            init(_ driver: SessionDriver) {
                self.driver = driver
            }

            deinit {
                driver.cancel()
            }
        }

        private var rows: AsyncThrowingStream<Row, any Error>.Iterator
        private let life: Guard

        init(_ rows: AsyncThrowingStream<Row, any Error>.Iterator, _ driver: SessionDriver) {
            self.rows = rows
            life = Guard(driver)
        }

        /// The next row; nil behind the last one, or once the task is cancelled.
        ///
        /// - Throws: ``LiveError`` behind the last row, where the device went away for good or a recording could not be
        ///   read to its end.
        public mutating func next() async throws -> Row? { try await rows.next() }
    }
}
