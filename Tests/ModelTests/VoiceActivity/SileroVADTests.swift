import CEmotionSndFile
import Foundation
import Testing

@testable import EmotionNetwork

/// Compares with the goldens under Goldens/vad, which generate.py there made with silero-vad 6.2.3 in ONNX form.
@Suite struct SileroVADTests {
    static let weights = Folder.weights.appendingPathComponent("silero_vad_16k.safetensors").path
    static let tolerance: Float = 1e-4

    static func golden(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(path: Folder.goldens.appendingPathComponent("vad/\(name).safetensors").path)
    }

    /// 16-bit samples of the small golden as floats.
    static func speech() throws -> (samples: [Float], probabilities: [Float]) {
        let file = try golden("speech")
        let samples = try #require(file.tensor("samples"))
        let numbers = samples.bytes.withMemoryRebound(to: Int16.self) { $0.map { Float($0) / 32768 } }
        return (numbers, try #require(file.tensor("probabilities")?.floats()))
    }

    static func probabilities(_ samples: [Float], _ detector: SileroVAD) -> [Float] {
        (0..<(samples.count / SileroVAD.chunkSize)).map { chunk in
            let range = (chunk * SileroVAD.chunkSize)..<((chunk + 1) * SileroVAD.chunkSize)
            return detector.probability(of: Array(samples[range]).span)
        }
    }

    static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        #expect(a.count == b.count)
        return zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
    }

    @Test func agreesWithONNX() throws {
        let (samples, expected) = try Self.speech()
        let found = Self.probabilities(samples, try SileroVAD(path: Self.weights))
        #expect(Self.largestDifference(found, expected) < Self.tolerance)
        #expect(expected.contains { $0 > 0.9 } && expected.contains { $0 < 0.1 })
    }

    @Test func resetForgetsTheStream() throws {
        let (samples, expected) = try Self.speech()
        let detector = try SileroVAD(path: Self.weights)
        _ = Self.probabilities(Array(samples.dropFirst(20_000)), detector)
        #expect(Self.largestDifference(Self.probabilities(samples, detector), expected) > 0.01)
        detector.reset()
        #expect(Self.largestDifference(Self.probabilities(samples, detector), expected) < Self.tolerance)
    }

    @Test func recoversFromSamplesThatAreNoSound() throws {
        let (samples, expected) = try Self.speech()
        let detector = try SileroVAD(path: Self.weights)
        for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 1e25] {
            var chunk = [Float](repeating: 0.1, count: SileroVAD.chunkSize)
            chunk[100] = value
            chunk[511] = value
            #expect(detector.probability(of: chunk.span) == 0, "\(value)")
            #expect(
                Self.largestDifference(Self.probabilities(samples, detector), expected) < Self.tolerance, "\(value)")
            detector.reset()
        }
    }

    @Test func silenceIsSilence() throws {
        let detector = try SileroVAD(path: Self.weights)
        let found = Self.probabilities([Float](repeating: 0, count: 64_000), detector)
        #expect(found.allSatisfy { $0 < 0.1 })
    }

    @Test func refusesOtherWeights() throws {
        let path = Folder.goldens.appendingPathComponent("weights/expected.safetensors").path
        let error = #expect(throws: WeightsError.self) { try SileroVAD(path: path) }
        #expect(error?.problem.contains("'stft_conv.weight' should be finite numbers of shape [258, 1, 256]") == true)
    }

    // MARK: The clips that are not in the repository

    /// The folder with data/speech: $EMOSCOPE_SHARED, else shared beside the repository.
    static let shared: URL = {
        let path = ProcessInfo.processInfo.environment["EMOSCOPE_SHARED"]
        return path.map { URL(fileURLWithPath: $0) }
            ?? Folder.repository.deletingLastPathComponent().appendingPathComponent("shared")
    }()
    static let hasShared = FileManager.default.fileExists(atPath: shared.appendingPathComponent("data/speech").path)

    @Test(.enabled(if: hasShared, "no data/speech in $EMOSCOPE_SHARED, nor in shared beside the repository"))
    func agreesWithONNXOnAllClips() throws {
        let goldens = try Self.golden("shared")
        let detector = try SileroVAD(path: Self.weights)
        var worst: Float = 0
        for name in goldens.names {
            let samples = try Self.read(Self.shared.appendingPathComponent("data/speech/\(name).flac").path)
            let expected = try #require(goldens.tensor(name)?.floats())
            detector.reset()
            let difference = Self.largestDifference(Self.probabilities(samples, detector), expected)
            #expect(difference < Self.tolerance, "\(name)")
            worst = max(worst, difference)
        }
        print("Silero VAD: largest difference from ONNX over \(goldens.names.count) clips: \(worst)")
    }

    static func read(_ path: String) throws -> [Float] {
        var info = SF_INFO()
        let file = try #require(sf_open(path, Int32(SFM_READ), &info), "cannot read \(path)")
        defer { sf_close(file) }
        #expect(info.samplerate == 16_000 && info.channels == 1)
        var samples = [Float](repeating: 0, count: Int(info.frames))
        let count = sf_readf_float(file, &samples, info.frames)
        #expect(count == info.frames)
        return samples
    }
}
