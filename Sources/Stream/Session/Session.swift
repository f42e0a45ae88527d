import Dispatch
import EmotionCore

/// The pipeline from ring to rows: windows, voice activity, inference in the background, smoothing, logs.
///
/// All state belongs to one actor on a serial queue, which reads the ring every 10 ms; inference has a queue of its
/// own. The two channels of a split stream have their own windows and rows, and share the ring, its gaps, the clock and
/// the network. A session may have several sources: files follow one another on one time line, each with its own
/// windows.
///
/// ```swift
/// let session = Session(settings: settings, ring: ring, outputs: .init(rows: [log]), detectors: […], classifier: …)
/// session.start()
/// try source.start { ring.write($0) }
/// …
/// session.finishSource()      // once the source has put its last sample into the ring
/// ```
package final class Session: Sendable {
    /// The network's logits of a window of 16 kHz samples; called on the inference queue, one window at a time.
    package typealias Classifier = @Sendable (_ samples: [Float]) throws -> EmotionScores

    /// A voice activity detector: it gives the probability of speech in the next `chunk` samples, and keeps state
    /// between calls. Where speakers are told apart, the embeddings of its stream go with it.
    package struct Detector: Sendable {
        let chunk: Int
        package let probability: @Sendable ([Float]) -> Float
        let reset: @Sendable () -> Void
        let speakers: SpeakerEmbedder?

        /// All members are used on the session's queue only.
        package init(
            chunk: Int, probability: @escaping @Sendable ([Float]) -> Float, reset: @escaping @Sendable () -> Void,
            speakers: SpeakerEmbedder? = nil
        ) {
            self.chunk = chunk
            self.probability = probability
            self.reset = reset
            self.speakers = speakers
        }
    }

    /// Where rows and sound go, and the actions to be performed on the way.
    package struct Outputs {
        package var rows: [any RowSink]
        /// The sink that the user starts, pauses and resumes.
        package var log: (any RowSink)?
        /// The sink that saves every sample of the stream, but those of the log's pauses.
        package var audio: (any AudioSink)?
        /// In ascending order of their samples.
        package var schedule: [TimedAction]
        /// Whether the source lacks the sound between a pause and a resumption of the schedule, as a saved recording does.
        package var lacksPauses: Bool

        package init(
            rows: [any RowSink], log: (any RowSink)? = nil, audio: (any AudioSink)? = nil, schedule: [TimedAction] = [],
            lacksPauses: Bool = false
        ) {
            self.rows = rows
            self.log = log
            self.audio = audio
            self.schedule = schedule
            self.lacksPauses = lacksPauses
        }
    }

    /// Milliseconds between two reads of the ring.
    static let tick = 10

    private let queue = DispatchQueue(label: "emoscope.stream", qos: .userInteractive)
    private let inference = DispatchQueue(label: "emoscope.inference", qos: .userInitiated)
    private let pipeline: Pipeline
    private let classifier: Classifier
    private let published: Locked<SessionSnapshot>
    private let ticker = Locked<Ticker?>(nil)
    private let clock: SessionClock

    /// - Parameters:
    ///   - ring: The ring to read; the samples of two channels are interleaved.
    ///   - detectors: One for each channel: 1 or 2.
    package init(
        settings: SessionSettings, ring: SampleRing, outputs: Outputs, detectors: [Detector],
        clock: SessionClock = .system, classifier: @escaping Classifier
    ) {
        let pipeline = Pipeline(
            queue: queue, settings: settings, ring: ring, outputs: outputs, detectors: detectors, clock: clock)
        self.pipeline = pipeline
        self.clock = clock
        self.classifier = classifier
        published = Locked(queue.sync { pipeline.assumeIsolated { $0.snapshot } })
        queue.sync { pipeline.assumeIsolated { $0.setRun { [weak self] job in self?.infer(job) } } }
    }

    /// The state of the session at this moment; callable from any thread.
    package var snapshot: SessionSnapshot { published.withLock { $0 } }

    /// Starts to read the ring.
    package func start() {
        let ticker = Ticker(queue: queue, milliseconds: Self.tick) { [weak self] in self?.step() }
        self.ticker.withLock { $0 = ticker }
        ticker.start()
    }

    /// Ends the present source, whose samples are all in the ring. The session reads them, cuts the last window, and
    /// reports `drained`; samples of another source may follow then. When this returns, the snapshot shows that the
    /// source has ended.
    package func finishSource() {
        queue.sync {
            pipeline.assumeIsolated { $0.finishSource() }
            step()
        }
    }

    /// Performs an action of the user at the present position of the stream.
    package func perform(_ action: StreamAction) {
        queue.async { [self] in pipeline.assumeIsolated { $0.perform(action) } }
    }

    /// Starts a log at the present position of the stream.
    package func start(_ log: any RowSink) {
        queue.async { [self] in pipeline.assumeIsolated { $0.start(log) } }
    }

    /// Adds a marker of the session's own, and returns once the row is made: samples written afterwards come after it.
    package func markBoundary(_ note: String) {
        queue.sync { pipeline.assumeIsolated { $0.mark(note) } }
    }

    /// Stops reading the ring, and waits until the window in inference is logged.
    package func stop() {
        ticker.withLock { $0?.cancel() }
        queue.sync {}
        inference.sync {}
        queue.sync { publish() }
    }

    private func infer(_ job: Pipeline.Job) {
        inference.async { [self] in
            let begin = clock.now()
            let result = Result { try classifier(job.clip) }
            let elapsed = Double(clock.now() - begin) / 1e6
            queue.async { [self] in
                pipeline.assumeIsolated { $0.finish(job, result, inference: elapsed) }
                step()
            }
        }
    }

    private func step() {
        pipeline.assumeIsolated { $0.drain() }
        publish()
    }

    private func publish() {
        let snapshot = pipeline.assumeIsolated { $0.snapshot }
        published.withLock { $0 = snapshot }
    }
}
