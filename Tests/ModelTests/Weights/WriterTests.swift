import Foundation
import TestSupport
import Testing

@testable import EmotionNetwork
@testable import EmotionWeightsImport

@Suite struct WriterTests {
    let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @discardableResult
    func write(_ name: String = "w", metadata: [String: String] = [:]) throws -> (path: String, digest: String) {
        let path = folder.path(name)
        let writer = try SafetensorsWriter(
            path: path,
            [
                .init(name: "sca\"lar\n", type: .float64, shape: []),
                .init(name: "größe", type: .float32, shape: [2, 3]),
                .init(name: "empty", type: .float32, shape: [0, 4]), .init(name: "half", type: .float16, shape: [3]),
            ], metadata: metadata)
        try littleEndian(Double(2.5).bitPattern).withUnsafeBytes { try writer.append($0) }
        for number in 0..<6 { try littleEndian(Float(number).bitPattern).withUnsafeBytes { try writer.append($0) } }
        try ([0x3C00, 0xC000, 1] as [UInt16]).flatMap(littleEndian).withUnsafeBytes { try writer.append($0) }
        return (path, try writer.finish())
    }

    @Test func writtenTensorsReadBackUnchanged() throws {
        let (path, digest) = try write(metadata: ["k\u{1}\\": "v\"ü"])
        let file = try SafetensorsFile(path: path)
        #expect(file.names == ["sca\"lar\n", "größe", "empty", "half"])
        #expect(file.tensor("sca\"lar\n")?.floats() == [2.5])
        #expect(file.tensor("größe")?.floats() == [0, 1, 2, 3, 4, 5])
        #expect(file.tensor("größe")?.shape == [2, 3])
        #expect(file.tensor("empty")?.shape == [0, 4])
        #expect(file.tensor("half")?.floats() == [1, -2, 0x1p-24])
        #expect(file.metadata == ["k\u{1}\\": "v\"ü", "sha256": digest])
        #expect(file.dataOffset.isMultiple(of: 64))
        let data = try Data(contentsOf: URL(fileURLWithPath: path)).dropFirst(file.dataOffset)
        #expect(Array(data).withUnsafeBytes { SHA256.hex(of: $0) } == digest)
        #expect(folder.contents == ["w"])
    }

    /// FIPS 180-4's own example.
    @Test func digestIsSHA256() {
        let digest = Array("abc".utf8).withUnsafeBytes { SHA256.hex(of: $0) }
        #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func replacesTheTargetOnlyWhenDone() throws {
        let path = try folder.write("t", [1, 2, 3])
        do {
            let writer = try SafetensorsWriter(
                path: path, [.init(name: "a", type: .uint8, shape: [2])], metadata: [:])
            try [UInt8](repeating: 1, count: 1).withUnsafeBytes { try writer.append($0) }
            #expect(folder.contents.count == 2)
        }
        #expect(folder.contents == ["t"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1, 2, 3]))
        try write("t")
        #expect(folder.contents == ["t"])
        #expect(try SafetensorsFile(path: path).names.count == 4)
    }

    @Test func namesTargetsThatCannotBeWritten() throws {
        #expect(throws: WeightsError.self) { try write("no/such/folder") }
        try FileManager.default.createDirectory(atPath: folder.path("d/e"), withIntermediateDirectories: true)
        do {
            try write("d")
            Issue.record("wrote over a folder")
        } catch let error as WeightsError {
            #expect(error.kind == .unwritable)
            #expect(error.description.contains(folder.path("d")))
        }
        #expect(folder.contents == ["d"])
    }
}

@Suite struct VerifyTests {
    let folder: ScratchFolder
    let sound: [UInt8]

    init() throws {
        folder = try ScratchFolder()
        let golden = Folder.goldens.appendingPathComponent("weights/expected.safetensors")
        sound = Array(try Data(contentsOf: golden))
    }

    func problem(_ bytes: [UInt8]) -> String {
        do {
            _ = try WeightsDescription.verify(path: folder.write("v", bytes))
            return "none"
        } catch let error as WeightsError {
            return error.problem
        } catch {
            return "\(error)"
        }
    }

    /// The file with a stretch of its header replaced by one of the same length.
    func replacing(_ old: String, _ new: String) throws -> [UInt8] {
        precondition(old.utf8.count == new.utf8.count)
        let range = try #require(Data(sound).firstRange(of: Data(old.utf8)))
        var bytes = sound
        bytes.replaceSubrange(range, with: Array(new.utf8))
        return bytes
    }

    /// PyTorch wrote this file and hashlib its checksum.
    @Test func acceptsWhatTheTrainerWrites() throws {
        #expect(problem(sound) == "none")
        let description = try WeightsDescription.verify(path: folder.write("v", sound))
        #expect(description.hasHead)
        #expect(description.encoder == "wav2vec2")
        #expect(description.tap == 2 && description.encoderHeads == 2 && description.crossHeads == 4)
        #expect(description.labels == ["happy", "angry", "neutral", "sad"])
        #expect(description.licence == "MIT")
        #expect(description.levelDBFS == nil && !description.hasTapNorm && description.mfccPool == 1)
        #expect(description.byteCount == sound.count)
        #expect(description.parts.map(\.name).first == "encoder")
        #expect(description.elementTypes == ["F32": description.parameterCount])
        #expect(
            description.parts.first { $0.name == "classifier" }
                == .init(name: "classifier", tensors: 2, parameters: 52, bytes: 208))
        #expect(description.parts.contains { $0.name == "other" } == false)
    }

    @Test func findsOneChangedBit() {
        for place in [1, 1000, 20_000] {
            var bytes = sound
            bytes[bytes.count - place] ^= 1
            #expect(problem(bytes).contains("checksum"))
        }
    }

    @Test func findsWrongTensors() throws {
        #expect(problem(try replacing("cls_head.bias", "cls_head.bits")).contains("'cls_head.bits' does not belong"))
        #expect(
            problem(try replacing("cls_head.bias", "cls_head.bits")).contains("'cls_head.bias' of shape [4] is missing")
        )
        #expect(
            problem(try replacing("coatt.ln1.bias\":{\"dtype\":\"F32\"", "coatt.ln1.bias\":{\"dtype\":\"I32\""))
                .contains("type I32"))
        #expect(
            problem(try replacing("\"tap\":\"2\"", "\"tap\":\"1\"")).contains(
                "encoder.layers.1.attention.k_proj.bias' does not belong"))
        #expect(
            problem(try replacing("\"tap\":\"2\"", "\"tap\":\"3\"")).contains(
                "encoder.layers.2.attention.k_proj.bias' of shape [8] is missing"))
        #expect(
            problem(try replacing("\"cross_heads\":\"4\"", "\"cross_heads\":\"3\"")).contains("3 heads do not divide"))
        #expect(
            problem(try replacing("\"encoder_heads\":\"2\"", "\"encoder_heads\":\"3\"")).contains(
                "3 heads do not divide"))
        #expect(
            problem(try replacing("happy,angry,neutral,sad", "happy,angryneutral, sad")).contains("cls_head.weight"))
        #expect(problem(try replacing("\"tap_norm\":\"none\"", "\"tap_norm\":\"laye\"")).contains("'tap_norm' 'laye'"))
        #expect(problem(try replacing("happy,angry,neutral,sad", "happy,happy,neutral,sad")).contains("repeated"))
    }

    @Test func findsWrongMetadata() throws {
        #expect(problem(try replacing("emoscope-weights/1", "emoscope-weights/2")).contains("but 'emoscope-weights/2'"))
        #expect(problem(try replacing("\"tap\":\"2\"", "\"tap\":\"x\"")).contains("'tap' 'x', not a number"))
        #expect(problem(try replacing("\"wav2vec2\"", "\"wav2vec3\"")).contains("not wav2vec2 or whisper"))
        #expect(problem(try replacing("\"licence\"", "\"license\"")).contains("lacks 'licence'"))
        #expect(problem(try replacing("\"mfcc_pool\":\"1\"", "\"mfcc_pool\":\"0\"")).contains("not a number in 1...64"))
        let foreign = Folder.weights.appendingPathComponent("silero_vad_16k.safetensors").path
        #expect(throws: WeightsError.self) { try WeightsDescription(path: foreign) }
    }

    /// The Whisper tap with a LayerNorm before the tanh, written as halves, a key bias left out.
    @Test func knowsTheWhisperTap() throws {
        var sizes = Architecture.EncoderSizes()
        (sizes.width, sizes.feedForward, sizes.positions) = (8, 16, 30)
        var head = Architecture.HeadSizes()
        (head.width, head.d, head.hidden, head.inner, head.tapNorm) = (8, 6, 4, 4, true)
        (head.feedForward, head.fusedFeedForward) = (7, 9)
        let all = (Architecture.whisper(sizes, tap: 3) + Architecture.head(head)).filter { !$0.isOptional }
        var metadata = [
            "format": "emoscope-weights/1", "architecture": "ca-ser", "encoder": "whisper", "tap": "3",
            "encoder_heads": "2", "cross_heads": "2", "labels": "happy,angry,neutral,sad", "tap_norm": "layer",
            "mfcc_pool": "2", "level_dbfs": "-26.5", "provenance": "test", "licence": "MIT",
        ]
        func write(_ number: UInt16 = 0x3C00) throws -> String {
            let path = folder.path("whisper")
            let writer = try SafetensorsWriter(
                path: path, all.map { .init(name: $0.name, type: .float16, shape: $0.shape) }, metadata: metadata)
            for tensor in all {
                try [UInt16](repeating: number, count: tensor.shape.reduce(1, *)).withUnsafeBytes {
                    try writer.append($0)
                }
            }
            _ = try writer.finish()
            return path
        }
        let description = try WeightsDescription.verify(path: write())
        #expect(description.levelDBFS == -26.5 && description.hasTapNorm && description.mfccPool == 2)
        #expect(description.elementTypes == ["F16": description.parameterCount])
        let infinite = try write(0x7C00)
        #expect(throws: WeightsError.self) { try WeightsDescription.verify(path: infinite) }
        metadata["tap_norm"] = "none"
        let extra = try write()
        #expect(throws: WeightsError.self) { try WeightsDescription.verify(path: extra) }
    }
}
