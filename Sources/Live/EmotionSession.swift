import EmotionCapture
import EmotionCore
import EmotionNetwork
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream
import Synchronization

/// The rows of a microphone or of recordings, as they arrive: a window each half second, losses, markers.
///
///     let recognizer = try EmotionRecognizer()
///     for try await row in try EmotionSession(microphone: "default", recognizer: recognizer) {
///         print(row.end, row.decision)
///     }
///
/// A session runs from its creation; rows are kept until they are read. It ends after its last recording, with
/// ``stop()``, or when the loop is left or its task is cancelled, which closes the device. A microphone that is
/// disconnected is reopened once it is back, and the time between becomes a row. Only one loop can read the rows.
public final class EmotionSession: AsyncSequence, Sendable {
    public typealias Element = Row

    private let rows: AsyncThrowingStream<Row, any Error>
    private let driver: SessionDriver
    /// Whether an iterator was made, which then ends the session.
    private let isIterated = Atomic<Bool>(false)

    /// Opens a microphone.
    ///
    /// - Parameters:
    ///   - device: An ALSA name as `arecord -D` takes it.
    ///   - recognizer: The network; its weights must have a head.
    ///   - settings: How the stream is read.
    /// - Throws: ``LiveError`` if the device does not open, the weights do not fit, or a setting is out of its range.
    public convenience init(
        microphone device: String = "default", recognizer: EmotionRecognizer, settings: Settings = Settings()
    ) throws(LiveError) {
        try self.init(.microphone(device: device), recognizer, settings)
    }

    /// Opens a recording.
    ///
    /// - Parameters:
    ///   - path: A file that libsndfile reads: WAV, FLAC, Ogg Vorbis, Opus, MP3 and others.
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
    /// Each recording after the first begins with a marker that holds its path. A recording that cannot be read is left
    /// out, and the rows end with its error.
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
        let isPaced = if case .files(_, .fast, _) = input { false } else { true }
        let mode = settings.splitsChannels ? ChannelMode.split : .mixed
        let plan = LiveSession.Plan(
            input: input, mode: mode, settings: settings.stream(isPaced: isPaced, model: recognizer.model),
            duration: settings.duration, endsWithDevice: !settings.waitsForMicrophone)
        let (rows, continuation) = AsyncThrowingStream.makeStream(of: Row.self)
        self.rows = rows
        do {
            let networks = try SessionNetworks(
                recognizer, speakers: settings.speakers, channels: mode.count, hop: settings.hop)
            driver = SessionDriver(
                try LiveSession(plan, networks: networks, model: recognizer.model.path) {
                    Session.Outputs(rows: [RowStream(continuation)])
                }, continuation, onEvent: settings.onEvent)
        } catch {
            throw LiveError(source: error) ?? LiveError(.weights, String(describing: error))
        }
        driver.start()
    }

    deinit {
        if !isIterated.load(ordering: .relaxed) { driver.cancel() }
    }

    /// Ends the session in order: closes the source, reads the samples that it delivered, and ends the rows after the
    /// last window. Returns at once.
    public func stop() {
        driver.finish()
    }

    /// The sample accounting of each channel; nil until the rows have ended.
    public var accounting: [AccountingReport]? { driver.accounting }

    public func makeAsyncIterator() -> Iterator {
        isIterated.store(true, ordering: .relaxed)
        return Iterator(rows.makeAsyncIterator(), driver)
    }

    /// The rows of a session, in order. The session ends when the iterator is destroyed.
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

        /// Returns the next row; nil after the last one, or once the task is cancelled.
        ///
        /// - Throws: ``LiveError`` after the last row, if the microphone was lost for good or a recording could not be
        ///   read to its end.
        public mutating func next() async throws -> Row? { try await rows.next() }
    }
}
