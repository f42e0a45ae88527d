import EmotionCore
import EmotionNetwork
import EmotionStream

/// The networks as a session wants them: a voice activity detector for each channel, and one classifier of windows.
package struct SessionNetworks: Sendable {
    package let model: EmotionModel
    /// One for each channel, since each keeps the state of what it has heard.
    let detectors: [Session.Detector]
    let classifier: Session.Classifier

    /// - Parameters:
    ///   - hop: Seconds between two windows of a channel.
    ///   - delay: Milliseconds by which each window takes longer, as on a slow machine; for tests.
    ///   - clock: Passes the delay.
    package init(
        model: EmotionModel, voiceActivityPath: String, channels: Int, hop: Double, delay: Int = 0,
        clock: SessionClock = .system
    ) throws {
        self.model = model
        detectors = try (0..<channels).map { _ in try Self.detector(voiceActivityPath) }
        // Engine and detectors have scratch memory, for one caller at a time. One queue uses each: no lock is contended.
        let reader = model.makeEngine()
        reader.enableCache(windows: channels, hop: AudioFormat.samples(hop))
        let engine = Locked(reader)
        classifier = { samples in
            if delay > 0 { clock.sleep(delay) }
            return try engine.withLock { try $0.run(Clip.tile(samples)).logits }
        }
    }

    private static func detector(_ path: String) throws -> Session.Detector {
        let voice = Locked(try SileroVAD(path: path))
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
