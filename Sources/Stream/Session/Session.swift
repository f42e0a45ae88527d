import Dispatch
import EmotionCore

/// The pipeline from ring to rows: windows, voice activity, inference in the background, smoothing, logs.
///
/// All state belongs to one actor on a serial queue, which empties the ring every few milliseconds; inference has a
/// queue of its own. A split stream's two channels each go their own way to rows of their own, and share the ring, its gaps,
/// the clock and the network. A session outlives its sources: files of a session follow one another on one time line, each
/// with windows of its own.
///
/// ```swift
/// let session = Session(settings: settings, ring: ring, sinks: [log], detectors: […], classifier: …)
/// session.start()
/// try source.start { ring.write($0) }
/// …
/// session.finishSource()      // once the source has put its last sample into the ring
/// ```
package final class Session: Sendable {
    /// The network's logits of a window of 16 kHz samples; called on the inference queue, one window at a time.
    package typealias Classifier = @Sendable (_ samples: [Float]) throws -> EmotionScores

    /// Voice activity: the probability of speech of the next `chunk` samples, with state from call to call.
    package struct Detector: Sendable {
        let chunk: Int
        let probability: @Sendable ([Float]) -> Float
        let reset: @Sendable () -> Void

        /// All three are called on the session's queue only.
        package init(
            chunk: Int, probability: @escaping @Sendable ([Float]) -> Float, reset: @escaping @Sendable () -> Void
        ) {
            self.chunk = chunk
            self.probability = probability
            self.reset = reset
        }
    }

    /// Milliseconds between two looks at the ring.
    static let tick = 10

    private let queue = DispatchQueue(label: "emoscope.stream", qos: .userInteractive)
    private let inference = DispatchQueue(label: "emoscope.inference", qos: .userInitiated)
    private let pipeline: Pipeline
    private let classifier: Classifier
    private let published: Locked<SessionSnapshot>
    private let ticker = Locked<Ticker?>(nil)
    private let clock: SessionClock

    /// - Parameters:
    ///   - ring: With two channels, their samples in turn.
    ///   - detectors: One for each channel: 1 or 2.
    ///   - audio: Gets every sample of the stream, to save it.
    package init(
        settings: SessionSettings, ring: SampleRing, sinks: [any RowSink], audio: (any AudioSink)? = nil,
        detectors: [Detector], clock: SessionClock = .system, classifier: @escaping Classifier
    ) {
        let pipeline = Pipeline(
            queue: queue, settings: settings, ring: ring, sinks: sinks, audio: audio, detectors: detectors,
            clock: clock)
        self.pipeline = pipeline
        self.clock = clock
        self.classifier = classifier
        published = Locked(queue.sync { pipeline.assumeIsolated { $0.snapshot } })
        queue.sync { pipeline.assumeIsolated { $0.setRun { [weak self] job in self?.infer(job) } } }
    }

    /// The session at this moment.
    package var snapshot: SessionSnapshot { published.withLock { $0 } }

    /// Begins to empty the ring.
    package func start() {
        let ticker = Ticker(queue: queue, milliseconds: Self.tick) { [weak self] in self?.step() }
        self.ticker.withLock { $0 = ticker }
        ticker.start()
    }

    /// Everything that the present source will give is in the ring. The session reads it, ends the windows, and
    /// reports `drained`; samples of another source may follow then. From its return on, the snapshot shows it.
    package func finishSource() {
        queue.sync {
            pipeline.assumeIsolated { $0.finishSource() }
            step()
        }
    }

    /// Puts a marker at this moment of the stream.
    package func mark(_ note: String) {
        queue.async { [self] in pipeline.assumeIsolated { $0.mark(note) } }
    }

    /// Takes the newest speech before this moment as each voice's normal; a row says so.
    package func takeBaseline() {
        queue.async { [self] in pipeline.assumeIsolated { $0.takeBaseline() } }
    }

    /// As `mark`, and returns when the row is made: what is fed afterwards comes behind it.
    package func markBoundary(_ note: String) {
        queue.sync { pipeline.assumeIsolated { $0.mark(note) } }
    }

    /// Rows go to `sink` as well from now on.
    package func attach(_ sink: any RowSink) {
        queue.async { [self] in pipeline.assumeIsolated { $0.attach(sink) } }
    }

    /// Rows no longer go to `sink`.
    package func detach(_ sink: any RowSink) {
        queue.async { [self] in pipeline.assumeIsolated { $0.detach(sink) } }
    }

    /// Stops looking at the ring and waits until what is under way has been logged.
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
