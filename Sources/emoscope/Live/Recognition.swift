import EmotionCore
import EmotionNetwork
import EmotionRecognition
import EmotionStream
import Glibc

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

    /// - Parameter hop: seconds between two windows of a channel.
    init(_ options: ModelOptions, channels: Int, hop: Double) throws {
        model = try options.classifier().model
        detectors = try (0..<channels).map { _ in try Self.detector() }
        // Engine and detectors have scratch memory, for one caller at a time. One queue uses each: no lock is contended.
        let reader = model.makeEngine()
        reader.enableCache(windows: channels, hop: AudioFormat.samples(hop))
        let engine = Locked(reader)
        let delay = Self.slowness
        classifier = { samples in
            if delay > 0 { Clock.sleep(milliseconds: delay) }
            return try engine.withLock { try $0.run(Clip.tile(samples)).probabilities }
        }
    }

    private static func detector() throws -> Session.Detector {
        let voice = Locked(try SileroVAD(path: ShippedFiles.path(of: ShippedFiles.voiceActivity)))
        return Session.Detector(
            chunk: SileroVAD.chunkSize,
            probability: { chunk in
                voice.withLock { detector in
                    unsafe chunk.withUnsafeBufferPointer { unsafe detector.probability(of: $0) }
                }
            },
            reset: { voice.withLock { $0.reset() } }
        )
    }
}
