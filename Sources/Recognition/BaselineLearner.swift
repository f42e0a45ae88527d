import EmotionCore
import EmotionNetwork

/// Learns how a voice sounds when it is neutral from 16 kHz samples, as they come.
///
/// Consecutive windows of 3 s that hold speech go through the network. One thread at a time uses a learner.
package final class BaselineLearner {
    /// Share of a window, 0…1, that must be speech.
    private static let leastSpeech: Float = 0.1
    /// Samples of a rest that is read as a window of its own: a second.
    private static let leastRest = AudioFormat.sampleRate

    private let engine: InferenceEngine
    private let detector: SileroVAD
    private let correction: BaselineCorrection
    private var waiting: [Float] = []
    private var parts: [(part: VoiceBaseline, neutral: Float)] = []
    private var representations = WeightedMean()
    private var calmWindows = 0

    /// - Throws: `weights` where the voice activity detector is not found, or the weights have no head.
    package init(_ recognizer: EmotionRecognizer) throws(RecognitionError) {
        do {
            guard recognizer.hasHead else { throw InferenceError.noHead }
            detector = try SileroVAD(path: ShippedFiles.path(of: ShippedFiles.voiceActivity))
        } catch {
            throw RecognitionError(error)
        }
        engine = recognizer.model.makeEngine()
        correction = recognizer.model.configuration.correction
    }

    /// Seconds of speech in the windows so far.
    package var seconds: Double { parts.reduce(0) { $0 + $1.part.seconds } }

    /// The mean of the windows' utterance representations; empty where no speech was heard.
    package var representation: [Float] { representations.values }

    /// The share of the windows, 0…1, that read as neutral or unsure as the network says; 0 where no speech was heard.
    package var calmShare: Double { parts.isEmpty ? 0 : Double(calmWindows) / Double(parts.count) }

    /// The baseline; nil where no speech was heard.
    package var baseline: VoiceBaseline? { VoiceBaseline(mostNeutral: parts) }

    /// Reads samples of one channel, full scale ±1.
    package func add(_ samples: [Float]) throws(RecognitionError) {
        waiting += samples
        var start = 0
        while waiting.count - start >= Clip.minimumSamples {
            try read(waiting[start..<start + Clip.minimumSamples])
            start += Clip.minimumSamples
        }
        waiting.removeFirst(start)
    }

    /// Reads the rest behind the last whole window, if it is a second or more.
    package func finish() throws(RecognitionError) {
        if waiting.count >= Self.leastRest { try read(waiting[...]) }
        waiting = []
    }

    private func read(_ window: ArraySlice<Float>) throws(RecognitionError) {
        var (chunks, spoken) = (0, 0)
        for start in stride(
            from: window.startIndex, through: window.endIndex - SileroVAD.chunkSize, by: SileroVAD.chunkSize)
        {
            chunks += 1
            if detector.probability(of: window[start..<start + SileroVAD.chunkSize].span) >= 0.5 { spoken += 1 }
        }
        let share = Float(spoken) / Float(max(1, chunks))
        guard share >= Self.leastSpeech else { return }
        do {
            var representation: [Float] = []
            let logits = try engine.run(Clip.tile(Array(window)), embedding: &representation).logits
            guard logits.isFinite else { return }
            let part = VoiceBaseline(logits: logits, seconds: AudioFormat.seconds(window.count) * Double(share))
            representations.add(representation, weight: window.count)
            let decision = Decision(logits.softmax, unsureBelow: engine.model.configuration.unsure)
            if decision == .unsure || decision == .emotion(.neutral) { calmWindows += 1 }
            parts.append((part, correction.apply(to: logits, baseline).softmax.neutral))
        } catch {
            throw RecognitionError(error)
        }
    }
}
