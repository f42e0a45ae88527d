import EmotionCore
import EmotionNetwork
import EmotionRecognition
import EmotionStream

/// The networks of a session: a voice activity detector for each channel, and one classifier of windows.
package struct SessionNetworks: Sendable {
    package let model: EmotionModel
    /// One for each channel, because each keeps the state of its channel.
    let detectors: [Session.Detector]
    let classifier: Session.Classifier

    /// - Parameters:
    ///   - speakerEncoder: Tells the speakers on each channel apart; nil where they are not told apart.
    ///   - hop: Seconds between the starts of two windows of a channel.
    ///   - delay: Milliseconds by which each window takes longer, to simulate a slow machine in tests.
    ///   - clock: Sleeps for the delay.
    package init(
        model: EmotionModel, voiceActivityPath: String, speakerEncoder: SpeakerEncoder? = nil, channels: Int,
        hop: Double, delay: Int = 0, clock: SessionClock = .system
    ) throws {
        self.model = model
        detectors = try (0..<channels).map { _ in
            try Self.detector(voiceActivityPath, speakerEncoder.map(Self.embedder))
        }
        // Engine and detectors have scratch memory for one caller at a time. Each is used on one queue, so no lock is
        // contended.
        let reader = model.makeEngine()
        reader.enableCache(windows: channels, hop: AudioFormat.samples(hop))
        let engine = Locked(reader)
        classifier = { samples in
            if delay > 0 { clock.sleep(delay) }
            return try engine.withLock { try $0.run(Clip.tile(samples)).logits }
        }
    }

    /// Loads the networks of a session with the network of a recognizer.
    ///
    /// - Parameters:
    ///   - speakers: The voices of a channel, which are told apart where they are several.
    ///   - hop: Seconds between the starts of two windows of a channel.
    ///   - delay: Milliseconds by which each window takes longer, to simulate a slow machine in tests.
    /// - Throws: `WeightsError` where weights cannot be read.
    package init(
        _ recognizer: EmotionRecognizer, speakers: SpeakerCount, channels: Int, hop: Double, delay: Int = 0
    ) throws {
        let precision = recognizer.model.precision
        try self.init(
            model: recognizer.model, voiceActivityPath: recognizer.voiceActivityPath,
            speakerEncoder: speakers.areSeveral
                ? SpeakerEncoder(path: ShippedFiles.path(of: ShippedFiles.speakerEncoder), precision: precision) : nil,
            channels: channels, hop: hop, delay: delay)
    }

    static func detector(_ path: String, _ speakers: SpeakerEmbedder? = nil) throws -> Session.Detector {
        let voice = Locked(try SileroVAD(path: path))
        return Session.Detector(
            chunk: SileroVAD.chunkSize,
            probability: { chunk in
                voice.withLock { detector in
                    unsafe chunk.withUnsafeBufferPointer { unsafe detector.probability(of: $0) }
                }
            },
            reset: { voice.withLock { $0.reset() } }, speakers: speakers
        )
    }

    static func embedder(_ encoder: SpeakerEncoder) -> SpeakerEmbedder {
        let stream = Locked(SpeakerStream(encoder))
        return SpeakerEmbedder(
            append: { samples in stream.withLock { $0.append(samples.span) } },
            embedding: { stretches in stream.withLock { $0.embedding(of: stretches) } },
            reset: { stream.withLock { $0.reset() } })
    }
}
