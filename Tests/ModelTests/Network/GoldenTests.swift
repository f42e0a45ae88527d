import EmotionCore
import Foundation
import Testing

@testable import EmotionNetwork
@testable import EmotionWeightsImport

/// Scaled-down networks, with the code paths of the full ones, against PyTorch's activations.
@Suite struct GoldenTests {
    static let tolerance: Float = 1e-4

    /// Compares every stage of each clip with the golden summary, and that no golden stage is missing.
    private func compare(
        _ stem: String, weights: String? = nil, precision: Precision = .fp32, tolerance: Float = GoldenTests.tolerance
    ) throws {
        let path = weights ?? Golden.path("\(stem).safetensors")
        let engine = try EmotionModel(path: path, precision: precision).makeEngine()
        let golden = try SafetensorsFile(path: Golden.path("\(stem).stages.safetensors"))
        for (clip, seconds) in Golden.clips {
            let wave = Clip.tile(syntheticVoice(seconds: seconds))
            let stages = try observe(engine) { engine in
                if engine.model.hasHead { _ = try engine.run(wave) } else { _ = try engine.embed(wave) }
            }
            let expected = Set(golden.names.filter { $0.hasPrefix(clip + "/") })
            #expect(Set(stages.map { "\(clip)/\($0.name)" }) == expected)
            for stage in stages {
                let error = try StageSummary(golden, "\(clip)/\(stage.name)").error(of: stage)
                #expect(
                    error < tolerance, "\(stem) \(clip) \(stage.name): \(error)")
            }
        }
    }

    @Test func wav2vec2NetworkMatchesPyTorchStageByStage() throws { try compare("tiny-wav2vec2") }

    @Test func whisperNetworkMatchesPyTorchStageByStage() throws { try compare("tiny-whisper") }

    @Test func shippedOptionsMatchPyTorchStageByStage() throws {
        let path = Golden.path("tiny-whisper-shipped.safetensors")
        let configuration = try EmotionModel(path: path).configuration
        #expect(configuration.tapNorm && configuration.mfccPool == 2 && configuration.levelDBFS == -26)
        try compare("tiny-whisper-shipped")
    }

    @Test func mixedAndPooledTapMatchesPyTorchStageByStage() throws {
        let path = Golden.path("tiny-whisper-mix.safetensors")
        let configuration = try EmotionModel(path: path).configuration
        #expect(configuration.tapMix == [1, 2] && configuration.tapPool == 3 && configuration.mfccPool == 4)
        _ = try WeightsDescription.verify(path: path)
        try compare("tiny-whisper-mix")
    }

    @Test func blocksOnAveragedFramesMatchPyTorchStageByStage() throws {
        let path = Golden.path("tiny-whisper-pool.safetensors")
        let configuration = try EmotionModel(path: path).configuration
        #expect(configuration.tapMix == [1, 2, 3] && configuration.tapPool == 4 && configuration.tapPoolAfter == 2)
        _ = try WeightsDescription.verify(path: path)
        try compare("tiny-whisper-pool")
        try compare("tiny-whisper-pool", precision: .int8, tolerance: 0.03)
    }

    @Test func encoderWithoutHeadEmbedsTheMeanOfItsTap() throws { try compare("tiny-encoder") }

    @Test(arguments: ["old", "new"])
    func importedCheckpointMatchesInBothSpellingsOfWeightNorm(spelling: String) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var options = WeightsImporter.Options()
        (options.tap, options.encoderHeads, options.crossHeads) = (2, 4, 4)
        try WeightsImporter.importCheckpoint(at: Golden.path("tiny-\(spelling).pt"), to: path, options: options)
        try compare("tiny-wav2vec2", weights: path)
    }

    @Test func predictionIsConsistent() throws {
        let engine = try EmotionModel(path: Golden.path("tiny-whisper.safetensors")).makeEngine()
        let wave = syntheticVoice(seconds: 3)
        var logits: [Float] = []
        engine.observer = { if $0.name == "logits" { logits = $0.values } }
        var embedding: [Float] = []
        let prediction = try engine.run(wave, embedding: &embedding)
        // The file's label order is the authors': happy, angry, neutral, sad.
        #expect([Emotion.happy, .angry, .neutral, .sad].map { prediction.logits[$0] } == logits)
        let total = Emotion.allCases.reduce(0) { $0 + prediction.probabilities[$1] }
        #expect(abs(total - 1) < 1e-6)
        #expect(
            Emotion.allCases.allSatisfy {
                prediction.probabilities[$0] <= prediction.probabilities[prediction.logits.argmax]
            })
        #expect(embedding.count == engine.model.embeddingWidth)
        #expect(try engine.embed(wave) == embedding)
    }

    /// Several clips at once, of many lengths and with faults: each gives the result that it gives alone.
    @Test(arguments: ["tiny-wav2vec2", "tiny-whisper", "tiny-whisper-mix", "shipped"], Precision.allCases)
    func clipsAtOnceAreAsEachAlone(name: String, precision: Precision) throws {
        let path = name == "shipped" ? Golden.shipped : Golden.path("\(name).safetensors")
        let engine = try EmotionModel(path: path, precision: precision).makeEngine()
        var clips = [3, 1.7, 4.25, 3, 0.001, 3.5].enumerated().map { syntheticVoice(seconds: $1, seed: UInt64($0 + 1)) }
        clips[3][77] = .nan
        clips.append([])
        let results = engine.run(clips)
        #expect(results.count == clips.count)
        for (index, clip) in clips.enumerated() {
            switch (Result { () throws(InferenceError) in try engine.run(clip) }, results[index]) {
            case (.success(let alone), .success(let prediction)):
                for emotion in Emotion.allCases {
                    #expect(abs(alone.logits[emotion] - prediction.logits[emotion]) < 1e-4, "\(name) \(index)")
                }
            case (.failure(let alone), .failure(let error)): #expect(alone == error)
            case (let alone, let result): Issue.record("\(alone) alone, \(result) with the others")
            }
        }
        // The result does not depend on the other clips, to the last bit.
        let one = try #require(engine.run([clips[2]]).first)
        #expect(try one.get().logits == results[2].get().logits)
        #expect(engine.run([]).isEmpty)
    }

    /// Windows of two streams in turn, some left out, one silent, one of another length: cached frames change no
    /// result.
    @Test(arguments: [4000, 800, 5000, 777]) func theFrameCacheChangesNoBit(hop: Int) throws {
        let model = try EmotionModel(path: Golden.shipped)
        let (plain, cached) = (model.makeEngine(), model.makeEngine())
        cached.enableCache(windows: 2, hop: hop)
        var streams = [1, 2].map { syntheticVoice(seconds: 6, seed: $0) }
        for index in 30_000..<34_000 { streams[1][index] = 0 }
        for step in [0, 1, 2, 5, 6, 7] {
            for stream in streams {
                let window = Array(stream[(step * hop)..<(step * hop + 48_000)])
                #expect(try cached.run(window).logits == plain.run(window).logits, "step \(step)")
            }
            if step == 2 {
                let short = Array(streams[0][..<50_000])
                #expect(try cached.run(short).logits == plain.run(short).logits)
                let silence = [Float](repeating: 0, count: 48_000)
                #expect(try cached.run(silence).logits == plain.run(silence).logits)
            }
        }
    }

    @Test func anInferenceIsRepeatableAndReadsSlices() throws {
        let engine = try EmotionModel(path: Golden.path("tiny-wav2vec2.safetensors")).makeEngine()
        let wave = syntheticVoice(seconds: 3)
        let first = try engine.run(wave)
        // Each thread has scratch memory of its own from the first time that it takes a part.
        for seed in 0..<20 { _ = try engine.run(Clip.tile(syntheticVoice(seconds: 2, seed: UInt64(seed)))) }
        let room = engine.scratchBytes
        let again = try engine.run(([0, 0] + wave)[2...])
        #expect(again.logits == first.logits)
        #expect(engine.scratchBytes == room, "an inference no longer than one before must not allocate")
    }
}
