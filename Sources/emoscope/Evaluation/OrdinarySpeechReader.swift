import EmotionCore
import EmotionEvaluation
import EmotionNetwork
import EmotionRecognition
import EmotionSoundFiles
import EmotionStream

/// Reads ordinary speech in windows of 3 s, one every second, as a session would show it. One thread at a time uses a reader.
final class OrdinarySpeechReader {
    /// What counts as speech, as in a session.
    private static let settings = SessionSettings()
    /// Samples between the starts of two windows, and those that a rest of the reference must have: a second.
    private static let hop = AudioFormat.sampleRate
    /// Samples that are read at a time: as many windows as make a batch of the network.
    private static let piece = 12 * hop

    private let engine: InferenceEngine
    private let detector: SileroVAD
    private let correction: BaselineCorrection
    private let reference: Int
    private let threshold: Double

    /// - Parameters:
    ///   - detector: The path of the voice activity detector's weights.
    ///   - reference: Seconds at the start of a recording that tell how its voice sounds, 0 or more.
    ///   - threshold: The probability below which a window is unsure.
    /// - Throws: Where the detector's weights cannot be used.
    init(_ engine: InferenceEngine, detector path: String, reference: Double, threshold: Double) throws {
        self.engine = engine
        detector = try SileroVAD(path: path)
        correction = engine.model.configuration.correction
        self.reference = AudioFormat.samples(reference)
        self.threshold = threshold
    }

    /// What the windows of a recording behind its reference are read as.
    ///
    /// - Throws: Where it cannot be read to its end, sound of it is missing, or it holds none.
    func read(_ path: String) throws -> SpeechShares {
        let file = try AudioFile(path: path)
        var recording = Recording(path: path, reference: reference)
        detector.reset()
        while case let samples = try file.read(upTo: Self.piece), !samples.isEmpty {
            detect(samples, &recording)
            try count(recording.windows.add(samples), &recording)
        }
        guard !recording.isEmpty else { throw RecognitionError.noSound(in: path) }
        if let warning = file.warnings.first(where: \.losesSound) {
            throw Failure(.runTime, "\(warning); the recording is left out")
        }
        if let whole = recording.windows.finish() { try count([whole], &recording) }
        recording.shares.endRecording(isLeftOut: recording.windows.count == 0)
        return recording.shares
    }

    /// What is known of a recording.
    private struct Recording {
        let path: String
        var windows: SlidingWindows
        var speech = SpeechTimeline(chunk: SileroVAD.chunkSize)
        /// Samples behind the last whole chunk.
        var rest: [Float] = []
        var isEmpty = true
        var baseline: VoiceBaseline?
        var shares = SpeechShares()

        init(path: String, reference: Int) {
            self.path = path
            windows = SlidingWindows(
                reference: reference, length: Clip.minimumSamples, hop: OrdinarySpeechReader.hop,
                leastRest: OrdinarySpeechReader.hop)
        }
    }

    /// Finds the speech in the next samples.
    private func detect(_ samples: [Float], _ recording: inout Recording) {
        recording.isEmpty = false
        recording.rest += samples
        var start = 0
        while recording.rest.count - start >= SileroVAD.chunkSize {
            let probability = detector.probability(of: recording.rest[start..<start + SileroVAD.chunkSize].span)
            recording.speech.add(probability >= Self.settings.speechThreshold)
            start += SileroVAD.chunkSize
        }
        recording.rest.removeFirst(start)
    }

    /// Reads windows: the baseline of those of the reference, and shares of the others.
    private func count(_ windows: [SpeechWindow], _ recording: inout Recording) throws {
        let speech = windows.map { recording.speech.speech(in: $0.range) }
        for (window, share) in zip(windows, speech) where share < Self.settings.minimumSpeech && !window.isReference {
            recording.shares.add(nil)
        }
        let spoken = windows.indices.filter { speech[$0] >= Self.settings.minimumSpeech }
        let results = engine.run(spoken.map { Clip.tile(windows[$0].samples) })
        let logits = try results.map { try EvaluationReader.finite($0.get().logits, recording.path) }
        let references = zip(spoken, logits).filter { windows[$0.0].isReference }.map { index, logits in
            VoiceBaseline(
                logits: logits, seconds: AudioFormat.seconds(windows[index].samples.count) * speech[index])
        }
        if !references.isEmpty { recording.baseline = VoiceBaseline(mean: references) }
        for (index, logits) in zip(spoken, logits) where !windows[index].isReference {
            let scores = correction.apply(to: logits, recording.baseline).softmax
            recording.shares.add(Decision(scores, unsureBelow: threshold))
        }
    }
}
