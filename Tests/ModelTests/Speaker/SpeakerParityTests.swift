import EmotionCore
import Foundation
import Testing

@testable import EmotionNetwork

private let parityFile = ProcessInfo.processInfo.environment["EMOSCOPE_PARITY"].map { $0 + "/speaker.safetensors" }
private let hasParityFile = parityFile.map { FileManager.default.fileExists(atPath: $0) } ?? false

/// Compares the speaker encoder with PyTorch on the clips of data/speech: mel energies, the embedding of the clip, and
/// those of a stream every half second. Opt-in: scripts/parity makes the golden values where it finds the clips.
@Suite(
    .enabled(
        if: hasParityFile,
        "scripts/parity found no data/speech in $EMOSCOPE_SHARED, nor in shared beside the repository"))
struct SpeakerParityTests {
    /// The largest errors so far, and the least cosine.
    private struct Errors {
        var mel: Float = 0
        var clip: Float = 0
        var stream: Float = 0
        var cosine: Float = 1
        var count = 0
    }

    @Test(arguments: Precision.allCases) func embeddingsMatchPyTorchOnAllClips(precision: Precision) throws {
        let golden = try SafetensorsFile(path: try #require(parityFile))
        let encoder = try SpeakerEncoder(path: SpeakerEncoderTests.weights, precision: precision)
        let names = golden.names.filter { $0.hasSuffix("/clip") }.map { String($0.dropLast("/clip".count)) }
        #expect(!names.isEmpty)
        var errors = Errors()
        for name in names {
            let path = SileroVADTests.shared.appendingPathComponent("data/speech/\(name).flac").path
            try compare(name, try SileroVADTests.read(path), with: golden, encoder, &errors)
        }
        print(
            "Speaker encoder, \(precision.rawValue), \(names.count) clips, \(errors.count) embeddings: largest error of "
                + "mel \(errors.mel), clip \(errors.clip), stream \(errors.stream); least cosine \(errors.cosine)")
        #expect(errors.mel < SpeakerEncoderTests.tolerance)
        switch precision {
        case .fp32: #expect(max(errors.clip, errors.stream) < SpeakerEncoderTests.tolerance)
        case .int8: #expect(errors.cosine > 0.98)
        }
    }

    private func compare(
        _ name: String, _ samples: [Float], with golden: SafetensorsFile, _ encoder: SpeakerEncoder,
        _ errors: inout Errors
    ) throws {
        errors.mel = max(
            errors.mel, SpeakerEncoderTests.melError(of: samples, try Golden.floats(golden, name + "/mel")))
        func check(_ found: SpeakerEmbedding?, _ expected: [Float], _ error: WritableKeyPath<Errors, Float>) throws {
            errors[keyPath: error] = max(
                errors[keyPath: error], SpeakerEncoderTests.difference(found, expected))
            let reference = try #require(SpeakerEmbedding(expected))
            errors.cosine = min(errors.cosine, found?.cosine(to: reference) ?? -1)
            errors.count += 1
        }
        try check(encoder.embedding(of: samples), try Golden.floats(golden, name + "/clip"), \.clip)
        let stream = SpeakerStream(encoder)
        let expected = try Golden.floats(golden, name + "/stream")
        for start in stride(from: 0, to: expected.count, by: SpeakerEmbedding.width) {
            stream.append(samples[stream.position..<(stream.position + 8000)].span)
            try check(
                stream.embedding(of: [0..<stream.position]),
                Array(expected[start..<(start + SpeakerEmbedding.width)]), \.stream)
        }
    }
}
