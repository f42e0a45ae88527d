import EmotionCore
import EmotionNetwork
import Testing

/// The correction of the shipped weights beside their threshold.
@Suite struct ShippedCorrectionTests {
    /// A voice that sounds as it always does is neutral, and not "unsure", once it was heard for a minute.
    @Test(arguments: [EmotionScores(), EmotionScores(angry: -0.5, happy: -0.5, neutral: -1, sad: 2)])
    func aVoiceAtItsNormalReadsAsNeutral(offset: EmotionScores) throws {
        let configuration = try EmotionModel(path: Folder.weights.appendingPathComponent("emoscope.safetensors").path)
            .configuration
        let normal = EmotionScores { configuration.correction.usual[$0] + offset[$0] }
        let baseline = VoiceBaseline(logits: normal, seconds: 60)
        let scores = configuration.correction.apply(to: normal, baseline).softmax
        #expect(Decision(scores, unsureBelow: configuration.unsure) == .emotion(.neutral), "\(scores)")
    }
}
