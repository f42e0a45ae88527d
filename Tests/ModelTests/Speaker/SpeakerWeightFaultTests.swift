import EmotionCore
import Foundation
import Testing

@testable import EmotionNetwork
@testable import EmotionWeightsImport

/// Files that are not the speaker encoder's are refused with an error that says so.
@Suite struct SpeakerWeightFaultTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func error(_ path: String) throws -> WeightsError {
        try #require(#expect(throws: WeightsError.self) { try SpeakerEncoder(path: path) })
    }

    /// Writes the shipped tensors with `change` applied to name, shape and numbers; nil leaves a tensor out.
    private func write(
        _ name: String, metadata: [String: String]? = nil,
        change: (String, [Int], [Float]) -> (shape: [Int], numbers: [Float])?
    ) throws -> String {
        let shipped = try SafetensorsFile(path: SpeakerEncoderTests.weights)
        var specifications: [SafetensorsWriter.Declaration] = []
        var numbers: [[Float]] = []
        for tensor in shipped.names.compactMap(shipped.tensor) {
            guard let changed = change(tensor.name, tensor.shape, try #require(tensor.floats())) else { continue }
            specifications.append(.init(name: tensor.name, type: .float32, shape: changed.shape))
            numbers.append(changed.numbers)
        }
        var metadata = metadata ?? shipped.metadata
        metadata[WeightsDescription.digestKey] = nil
        let path = folder.path(name)
        let writer = try SafetensorsWriter(path: path, specifications, metadata: metadata)
        for values in numbers { try values.withUnsafeBytes { try writer.append($0) } }
        _ = try writer.finish()
        return path
    }

    @Test func anUnchangedCopyIsRead() throws {
        let path = try write("copy") { ($1, $2) }
        let samples = syntheticVoice(seconds: 2)
        let expected = try #require(try SpeakerEncoderTests.encoder.get().embedding(of: samples))
        #expect(try SpeakerEncoder(path: path).embedding(of: samples) == expected)
    }

    @Test func aDamagedFileIsNamed() throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: SpeakerEncoderTests.weights)))
        bytes[bytes.count / 2] ^= 1
        let changed = try error(folder.write("changed", bytes))
        #expect(changed.kind == .malformed && changed.problem.contains("checksum"))
        #expect(changed.description.contains("use the ge2e_speaker_encoder.safetensors that ships with emoscope"))
        #expect(try error(folder.write("cut", Array(bytes.dropLast(1000)))).kind == .malformed)
        #expect(try error(folder.path("nothing")).kind == .unreadable)
    }

    @Test func anotherNetworkIsNamed() throws {
        let emotion = try error(Golden.shipped)
        #expect(emotion.kind == .mismatch && emotion.problem.contains("'ca-ser', not ge2e-speaker-encoder"))
        let detector = try error(SileroVADTests.weights)
        #expect(detector.kind == .mismatch && detector.problem.contains("not in the format emoscope-weights/1"))
        let other = #expect(throws: WeightsError.self) { try EmotionModel(path: SpeakerEncoderTests.weights) }
        #expect(other?.problem.contains("'ge2e-speaker-encoder', not ca-ser") == true)
    }

    @Test func everyFaultyTensorIsNamed() throws {
        let path = try write("tensors") { name, shape, numbers in
            switch name {
            case "lstm.weight_hh_l1": nil
            case "linear.weight": ([numbers.count], numbers)
            default: (shape, numbers)
            }
        }
        let found = try error(path)
        #expect(found.kind == .mismatch)
        #expect(found.problem.contains("lstm.weight_hh_l1 is missing; it should have the shape [1024, 256]"))
        #expect(found.problem.contains("linear.weight has the shape [65536], not [256, 256]"))
    }

    @Test func numbersThatAreNotFiniteAreRefused() throws {
        let path = try write("nan") { name, shape, numbers in
            (shape, name == "linear.bias" ? [Float.nan] + numbers.dropFirst() : numbers)
        }
        #expect(try error(path).problem.contains("'linear.bias' has numbers that are not finite"))
    }
}
