import Foundation
import Testing

@testable import EmotionNetwork

/// Valid safetensors files that are no network of this program: each fault is named, and none ends the process.
@Suite struct WeightFaultTests {
    /// The error of a copy of a golden network whose header was edited; nil if it loads.
    private func fault(
        _ stem: String = "tiny-wav2vec2", _ edit: (_ header: inout [String: Any]) -> Void,
        onLoad: (EmotionModel) throws -> Void = { _ in }
    ) throws -> WeightsError? {
        let data = try Data(contentsOf: URL(fileURLWithPath: Golden.path("\(stem).safetensors")))
        let size = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        let json = try JSONSerialization.jsonObject(with: data[8..<(8 + size)])
        var header = try #require(json as? [String: Any])
        edit(&header)
        var text = try JSONSerialization.data(withJSONObject: header)
        while text.count % 8 != 0 { text.append(0x20) }
        let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors")
        try (length + text + data[(8 + size)...]).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        do {
            try onLoad(try EmotionModel(path: path.path))
            return nil
        } catch let error as WeightsError {
            #expect(error.file == path.path)
            return error
        }
    }

    private func setMetadata(_ header: inout [String: Any], _ key: String, _ value: String?) {
        var metadata = header["__metadata__"] as? [String: Any] ?? [:]
        metadata[key] = value
        header["__metadata__"] = metadata
    }

    private func setShape(_ header: inout [String: Any], _ name: String, _ shape: [Int]) {
        var entry = header[name] as? [String: Any] ?? [:]
        #expect((entry["shape"] as? [Int])?.reduce(1, *) == shape.reduce(1, *), "\(name)")
        entry["shape"] = shape
        header[name] = entry
    }

    @Test func theCopyItselfLoads() throws {
        #expect(try fault { _ in } == nil)
    }

    @Test func missingAndExtraTensorsAreAllNamed() throws {
        let names = ["cls_head.bias", "coatt.ln1.weight", "wav2vec_encoder.wav2vec.encoder.layers.1.layer_norm.bias"]
        let error = try fault { header in
            for name in names { header["my." + name] = header.removeValue(forKey: name) }
        }
        let text = try #require(error).problem
        #expect(error?.kind == .mismatch)
        for name in names {
            #expect(text.contains("tensor \(name) is missing"))
            #expect(text.contains("'my.\(name)' is not part of the network"))
        }
        #expect(text.split(separator: "\n").count == 6)
    }

    @Test(arguments: [
        ("cls_head.weight", [24, 4]), ("wav2vec_ff.weight", [32, 24]), ("mfcc_encoder.lstm.weight_hh_l0", [12, 48]),
        ("mfcc_encoder.lstm.weight_ih_l1_reverse", [24, 48]), ("mfcc_att.encoders.0.attn.qkv_proj.weight", [24, 72]),
        ("coatt.attn.query.weight", [24, 16]), ("coatt.ln2.bias", [24, 1]),
        ("wav2vec_encoder.wav2vec.feature_extractor.conv_layers.0.conv.weight", [160]),
        ("wav2vec_encoder.wav2vec.feature_extractor.conv_layers.0.conv.weight", [16, 1, 10]),
        ("wav2vec_encoder.wav2vec.feature_extractor.conv_layers.2.conv.weight", [16, 96, 3]),
        ("wav2vec_encoder.wav2vec.encoder.pos_conv_embed.conv.weight", [16, 32, 8]),
        ("wav2vec_encoder.wav2vec.encoder.pos_conv_embed.conv.weight", [4096]),
        ("wav2vec_encoder.wav2vec.feature_projection.projection.weight", [24, 32]),
        ("wav2vec_encoder.wav2vec.encoder.layers.0.feed_forward.output_dense.weight", [64, 32]),
    ]) func misshapenTensorIsNamed(name: String, shape: [Int]) throws {
        let error = try #require(try fault { setShape(&$0, name, shape) })
        #expect(error.kind == .mismatch && error.problem.contains(name))
    }

    @Test(arguments: [
        ("encoder.conv1.weight", [24, 80, 3]), ("encoder.conv2.weight", [72, 24]),
        ("encoder.positional_embedding", [24, 560]), ("encoder.blocks.1.mlp.0.weight", [24, 48]),
        ("encoder.blocks.0.attn_ln.weight", [2, 12]),
    ]) func misshapenWhisperTensorIsNamed(name: String, shape: [Int]) throws {
        let error = try #require(try fault("tiny-encoder") { setShape(&$0, name, shape) })
        #expect(error.kind == .mismatch && error.problem.contains(name))
    }

    @Test func groupsThatDoNotDivideAreNamed() throws {
        let name = "wav2vec_encoder.wav2vec.encoder.pos_conv_embed.conv.weight"
        // [32, 16, 8] holds as many numbers as [32, 1, 128], whose one group would be wider than the encoder.
        let error = try #require(try fault { setShape(&$0, name, [32, 1, 128]) })
        #expect(error.problem.contains("\(name) has groups of 128 channels, which do not divide 32"))
    }

    @Test func elementsOfAnotherTypeAreNamed() throws {
        let error = try fault { header in
            var entry = header["cls_head.weight"] as? [String: Any] ?? [:]
            entry["dtype"] = "I32"
            header["cls_head.weight"] = entry
        }
        #expect(error?.problem.contains("tensor cls_head.weight has elements of type I32") == true)
    }

    @Test(
        arguments: [
            ("format", nil), ("format", "emoscope-weights/9"), ("architecture", "resnet"), ("encoder", nil),
            ("encoder", "hubert"), ("tap", "nine"), ("tap", "0"), ("tap", "-1"), ("tap", "99999999999999999999"),
            ("encoder_heads", nil), ("encoder_heads", "0"), ("cross_heads", nil), ("labels", "happy,angry,neutral"),
            ("labels", "happy,angry,neutral,neutral"), ("labels", "happy,angry,neutral,bored"), ("labels", ""),
            ("tap_norm", "batch"), ("tap_mix", "1,2"), ("tap_pool", "2"), ("tap_pool_after", "1"), ("unsure", "1.1"),
            ("unsure", "often"), ("unsure", "nan"), ("mfcc_pool", "0"), ("level_dbfs", "loud"), ("level_dbfs", "nan"),
        ] as [(String, String?)]) func metadataThatWeDoNotKnowIsNamed(key: String, value: String?) throws
    {
        let error = try #require(try fault { setMetadata(&$0, key, value) })
        #expect(error.kind == .mismatch && error.problem.contains(key == "format" ? "emoscope-weights/1" : "'\(key)'"))
    }

    @Test(
        arguments: [
            ("tap_pool", "0"), ("tap_pool", "two"), ("tap_mix", ""), ("tap_mix", "1"), ("tap_mix", "2,1"),
            ("tap_mix", "2,2"), ("tap_mix", "0,2"), ("tap_mix", "1,2,3"), ("tap_mix", "1,,2"), ("tap_mix", "a,2"),
        ]) func mixAndPoolThatMakeNoSenseAreNamed(key: String, value: String) throws
    {
        let error = try #require(try fault("tiny-whisper-mix") { setMetadata(&$0, key, value) })
        #expect(error.kind == .mismatch && error.problem.contains("'\(key)'"))
    }

    @Test(arguments: ["0", "-1", "4", "two", ""]) func averagingAfterNoBlockOfTheEncoderIsNamed(value: String) throws {
        let error = try #require(try fault("tiny-whisper-pool") { setMetadata(&$0, "tap_pool_after", value) })
        #expect(error.kind == .mismatch)
        #expect(error.problem.contains("'tap_pool_after' '\(value)', not a number in 1...3"))
    }

    @Test func averagingAfterABlockNeedsTheNumberOfFrames() throws {
        let error = try #require(try fault("tiny-whisper-pool") { setMetadata(&$0, "tap_pool", nil) })
        #expect(error.kind == .mismatch && error.problem.contains("'tap_pool_after' '2' without 'tap_pool'"))
    }

    @Test func averagingAfterTheLastBlockIsTheDefault() throws {
        for (value, block) in [("3", 3), ("1", 1), (nil, 3)] {
            let loaded = try fault("tiny-whisper-pool") {
                setMetadata(&$0, "tap_pool_after", value)
            } onLoad: {
                #expect($0.configuration.tapPoolAfter == block)
            }
            #expect(loaded == nil)
        }
    }

    @Test func mixHasAWeightForEachBlock() throws {
        let single = try #require(try fault("tiny-whisper-mix") { setMetadata(&$0, "tap_mix", "2") })
        #expect(single.problem.contains("tensor tap_mix has the shape [2], not [1]"))
        let none = try #require(try fault("tiny-whisper-mix") { setMetadata(&$0, "tap_mix", nil) })
        #expect(none.problem.contains("'tap_mix' is not part of the network"))
        let missing = try #require(try fault("tiny-whisper-mix") { $0["my.mix"] = $0.removeValue(forKey: "tap_mix") })
        #expect(missing.problem.contains("tensor tap_mix is missing"))
    }

    @Test func headsThatDoNotSplitTheWidthAreNamed() throws {
        #expect(
            try fault { setMetadata(&$0, "encoder_heads", "5") }?.problem
                == "the encoder of width 32 does not split into 5 heads")
        #expect(
            try fault { setMetadata(&$0, "cross_heads", "3") }?.problem
                == "the cross-attention of width 16 does not split into 3 heads")
    }

    @Test func blocksBeyondTheTapAreExtraAndMissingOnesMissing() throws {
        let less = try #require(try fault { setMetadata(&$0, "tap", "1") }).problem
        #expect(less.contains("encoder.layers.1.attention.q_proj.weight' is not part of the network"))
        let more = try #require(try fault { setMetadata(&$0, "tap", "3") }).problem
        #expect(more.contains("encoder.layers.2.attention.q_proj.weight is missing"))
    }

    @Test func headWithoutLabelsIsExtra() throws {
        let error = try fault { header in
            for key in ["labels", "cross_heads"] { setMetadata(&header, key, nil) }
        }
        let problem = try #require(error).problem
        #expect(problem.contains("'cls_head.weight' is not part of the network"))
    }

    @Test func encoderUnderTheOthersNameIsRefused() throws {
        let problem = try #require(try fault { setMetadata(&$0, "encoder", "whisper") }).problem
        #expect(problem.contains("tensor encoder.conv1.weight is missing"))
    }
}
