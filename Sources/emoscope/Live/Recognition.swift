import Glibc
import Locks
import Model
import Stream

/// The networks as the session wants them.
struct Recognition {
    let model: EmotionModel
    /// One a channel: each remembers what it has heard.
    let detectors: [Session.Detector]
    let classifier: Session.Classifier

    /// Milliseconds by which each window takes longer, from the environment: what a slow machine does, for tests.
    private static var slowness: Int {
        unsafe getenv("EMOSCOPE_SLOW_MS").flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }

    init(_ options: ModelOptions, channels: Int) throws {
        model = try options.loadClassifier()
        detectors = try (0..<channels).map { _ in try Self.detector() }
        let engine = Guarded(model.makeEngine())
        let delay = Self.slowness
        classifier = { samples in
            if delay > 0 { Clock.sleep(milliseconds: delay) }
            return try engine.use { Scores(try $0.run(Clip.tile(samples)).probabilities) }
        }
    }

    private static func detector() throws -> Session.Detector {
        let voice = Guarded(try SileroVAD(path: Locations.shipped(Locations.voiceActivity)))
        return Session.Detector(
            chunk: SileroVAD.chunkSize,
            probability: { chunk in
                voice.use { detector in unsafe chunk.withUnsafeBufferPointer { unsafe detector.probability(of: $0) } }
            },
            reset: { voice.use { $0.reset() } }
        )
    }
}

/// A network with scratch memory, for one caller at a time. One queue uses it, so the lock is never contended.
private final class Guarded<Value>: @unchecked Sendable {
    private let value: Value
    private let lock = Locked(())

    init(_ value: Value) {
        self.value = value
    }

    func use<Result>(_ body: (Value) throws -> Result) rethrows -> Result {
        try lock.withLock { _ in try body(value) }
    }
}
