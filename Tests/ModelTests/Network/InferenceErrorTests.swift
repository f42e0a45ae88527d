import EmotionCore
import Testing

@testable import EmotionNetwork

@Suite struct InferenceErrorTests {
    private func engine(_ name: String) throws -> InferenceEngine {
        try EmotionModel(path: Golden.path("\(name).safetensors")).makeEngine()
    }

    @Test func encoderAlonePredictsNothing() throws {
        let engine = try engine("tiny-encoder")
        #expect(!engine.model.hasHead)
        #expect(throws: InferenceError.noHead) { try engine.run(syntheticVoice(seconds: 3)) }
        #expect(throws: InferenceError.noHead) { try engine.run([syntheticVoice(seconds: 3)])[0].get() }
    }

    @Test(
        arguments: [
            "tiny-wav2vec2", "tiny-whisper", "tiny-whisper-shipped", "tiny-whisper-mix", "tiny-whisper-pool",
            "tiny-encoder",
        ]) func acceptsExactlyTheLengthsItSays(name: String) throws
    {
        let engine = try engine(name)
        let least = engine.model.minimumSamples
        let most = engine.model.maximumSamples
        #expect(throws: InferenceError.tooShort(samples: least - 1, minimum: least)) {
            try engine.embed([Float](repeating: 0, count: least - 1))
        }
        #expect(throws: InferenceError.tooShort(samples: 0, minimum: least)) { try engine.embed([Float]()) }
        #expect(try engine.embed(syntheticVoice(seconds: Double(least) / 16_000)).allSatisfy(\.isFinite))
        #expect(throws: InferenceError.tooLong(samples: most + 1, maximum: most)) {
            try engine.embed([Float](repeating: 0, count: most + 1))
        }
    }

    @Test func longestClipRunsToTheLastPosition() throws {
        let engine = try engine("tiny-whisper")
        let wave = [Float](repeating: 0.01, count: engine.model.maximumSamples)
        #expect(try engine.run(wave).logits[.sad].isFinite)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func namesTheSampleThatIsNotFinite(value: Float) throws {
        var wave = syntheticVoice(seconds: 3)
        wave[1234] = value
        let engine = try engine("tiny-whisper")
        #expect(throws: InferenceError.notFinite(index: 1234)) { try engine.run(wave) }
    }

    @Test(arguments: ["tiny-wav2vec2", "tiny-whisper", "tiny-whisper-shipped"])
    func silenceGivesFiniteNumbers(name: String) throws {
        let prediction = try engine(name).run([Float](repeating: 0, count: 48_000))
        #expect(Emotion.allCases.allSatisfy { prediction.probabilities[$0].isFinite })
    }
}
