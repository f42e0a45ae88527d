import EmotionCore
import Foundation
import Testing

@testable import EmotionNetwork
@testable import EmotionWeightsImport

/// Compares with the golden values under Goldens/speaker, which generate.py there makes with PyTorch and librosa.
@Suite struct SpeakerEncoderTests {
    static let weights = Folder.weights.appendingPathComponent("ge2e_speaker_encoder.safetensors").path
    static let tolerance: Float = 1e-4
    static let encoder = Result { try SpeakerEncoder(path: weights) }
    static let excerpts = ["short", "dropped", "filled"]

    static func golden() throws -> SafetensorsFile {
        try SafetensorsFile(path: Folder.goldens.appendingPathComponent("speaker/conversation.safetensors").path)
    }

    static let conversation = Result {
        try SileroVADTests.read(Folder.repository.appendingPathComponent("Samples/conversation.flac").path)
    }

    static func integers(_ file: SafetensorsFile, _ name: String) throws -> [Int] {
        let tensor = try #require(file.tensor(name))
        return tensor.bytes.withMemoryRebound(to: Int64.self) { $0.map(Int.init) }
    }

    /// The largest difference of a number from a golden one; infinite for nil.
    static func difference(_ embedding: SpeakerEmbedding?, _ expected: some Collection<Float>) -> Float {
        guard let embedding, expected.count == SpeakerEmbedding.width else { return .infinity }
        return zip(embedding.values, expected).map { abs($0 - $1) }.max() ?? .infinity
    }

    static func excerpt(_ name: String, of file: SafetensorsFile) throws -> [Float] {
        let range = try integers(file, name + "/range")
        return Array(try conversation.get()[range[0]..<range[1]])
    }

    @Test func melEnergiesMatchLibrosa() throws {
        let golden = try Self.golden()
        let expected = try Golden.floats(golden, "mel")
        let samples = try Self.excerpt("short", of: golden)
        let error = Self.melError(of: samples, expected)
        #expect(error < Self.tolerance, "\(error)")
    }

    /// The largest error of the mel energies of a clip, relative to the largest energy.
    static func melError(of samples: [Float], _ expected: [Float]) -> Float {
        let arena = Arena()
        let signal = arena.matrix(1, samples.count + SpeakerEncoder.frameSize)
        signal.fill(0)
        for (index, sample) in samples.enumerated() { signal[0, SpeakerEncoder.frameSize / 2 + index] = sample }
        let frames = arena.matrix(samples.count / SpeakerEncoder.hop + 1, SpeakerEncoder.bands)
        MelSpectra(
            size: SpeakerEncoder.frameSize, hop: SpeakerEncoder.hop, bands: SpeakerEncoder.bands, scale: .slaney
        ).compute(signal.view, into: frames, in: arena)
        let values = frames.view.values
        guard values.count == expected.count, let greatest = expected.max() else { return .infinity }
        return (zip(values, expected).map { abs($0 - $1) }.max() ?? .infinity) / greatest
    }

    @Test(arguments: excerpts) func clipsMatchPyTorch(name: String) throws {
        let golden = try Self.golden()
        let samples = try Self.excerpt(name, of: golden)
        let encoder = try Self.encoder.get()
        let found = encoder.embedding(of: samples)
        #expect(Self.difference(found, try Golden.floats(golden, name + "/embedding")) < Self.tolerance)
        let quiet = encoder.embedding(of: samples.map { $0 * 0.01 })
        #expect(Self.difference(quiet, try Golden.floats(golden, name + "/quiet")) < Self.tolerance)
    }

    /// Resemblyzer raises quiet speech, but does not lower loud speech.
    @Test func onlyQuietSpeechChangesItsLevel() throws {
        let encoder = try Self.encoder.get()
        let samples = try Self.excerpt("filled", of: Self.golden())
        let tenth = try #require(encoder.embedding(of: samples.map { $0 * 0.1 }))
        let hundredth = encoder.embedding(of: samples.map { $0 * 0.01 })
        let loud = encoder.embedding(of: samples.map { $0 * 4 })
        #expect(Self.difference(hundredth, tenth.values) < 1e-5)
        #expect(Self.difference(loud, tenth.values) > 1e-3)
    }

    @Test func eightBitsChangeAnEmbeddingLittle() throws {
        let golden = try Self.golden()
        let small = try SpeakerEncoder(path: Self.weights, precision: .int8)
        for name in Self.excerpts {
            let samples = try Self.excerpt(name, of: golden)
            let found = try #require(small.embedding(of: samples))
            let expected = try #require(SpeakerEmbedding(try Golden.floats(golden, name + "/embedding")))
            #expect(found.cosine(to: expected) > 0.999, "\(name)")
        }
    }

    /// A clip has a partial utterance every 77 frames, the last one if the clip covers three quarters of it.
    @Test func partialUtterancesCoverTheClip() {
        #expect(SpeakerEncoder.partialStarts(samples: 1) == [0])
        #expect(SpeakerEncoder.partialStarts(samples: 25_600) == [0])
        #expect(SpeakerEncoder.partialStarts(samples: 77 * 160 + 19_199) == [0])
        #expect(SpeakerEncoder.partialStarts(samples: 77 * 160 + 19_200) == [0, 77])
        #expect(SpeakerEncoder.partialStarts(samples: 160_000).last == 847)
    }

    @Test func whatIsNoSpeechHasNoEmbedding() throws {
        let encoder = try Self.encoder.get()
        #expect(encoder.embedding(of: [Float]()) == nil)
        for value in [Float.nan, .infinity, 1e25] {
            var samples = [Float](repeating: 0.1, count: 30_000)
            samples[12_345] = value
            #expect(encoder.embedding(of: samples) == nil, "\(value)")
        }
    }

    /// The clips of the conversation's three speakers, in several emotions each. One clip of a woman is nearer to the
    /// other woman.
    @Test(arguments: Precision.allCases) func aVoiceIsNearerToItselfThanToOthers(precision: Precision) throws {
        let encoder = try SpeakerEncoder(path: Self.weights, precision: precision)
        let samples = try Self.conversation.get()
        let table = try String(
            contentsOf: Folder.repository.appendingPathComponent("Samples/conversation.csv"), encoding: .utf8)
        var clips: [(speaker: String, embedding: SpeakerEmbedding)] = []
        for line in table.split(whereSeparator: \.isNewline).dropFirst() {
            let cells = line.split(separator: ",").map(String.init)
            let (start, end) = (try #require(Double(cells[0])), try #require(Double(cells[1])))
            let clip = Array(samples[AudioFormat.samples(start)..<AudioFormat.samples(end)])
            clips.append((cells[2], try #require(encoder.embedding(of: clip))))
        }
        #expect(clips.count > 10 && Set(clips.map(\.speaker)).count == 3)
        var wrong = 0
        for clip in clips {
            let others = Dictionary(grouping: clips.filter { $0.embedding != clip.embedding }, by: \.speaker)
            let nearest = try others.mapValues { group in
                try #require(SpeakerEmbedding(mean: group.map(\.embedding))).cosine(to: clip.embedding)
            }.max { $0.value < $1.value }
            if nearest?.key != clip.speaker { wrong += 1 }
        }
        #expect(wrong <= 1)
    }
}
