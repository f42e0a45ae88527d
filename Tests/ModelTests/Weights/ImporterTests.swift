import Foundation
import TestSupport
import Testing

@testable import EmotionNetwork
@testable import EmotionWeightsImport

/// The checkpoints under Goldens/weights come from generate.py there.
@Suite struct ImporterTests {
    let folder: ScratchFolder
    static let head = ["wav2vec_ff.", "mfcc_ff.", "mfcc_encoder.", "mfcc_att.", "coatt.", "cls_head."]

    init() throws {
        folder = try ScratchFolder()
    }

    static func golden(_ name: String) -> String { Folder.goldens.appendingPathComponent("weights/\(name)").path }

    static func options(tap: Int = 2) -> WeightsImporter.Options {
        var options = WeightsImporter.Options()
        options.tap = tap
        options.encoderHeads = 2
        options.crossHeads = 4
        return options
    }

    func imported(_ path: String, _ options: WeightsImporter.Options = options()) throws -> (
        WeightsImporter.Report, SafetensorsFile
    ) {
        let output = folder.path("out-\(UUID().uuidString).safetensors")
        let report = try WeightsImporter.importCheckpoint(at: path, to: output, options: options)
        return (report, try SafetensorsFile(path: output))
    }

    func problem(_ path: String, _ options: WeightsImporter.Options = options()) -> String {
        do throws(WeightsError) {
            try WeightsImporter.importCheckpoint(at: path, to: folder.path("never.safetensors"), options: options)
            return "none"
        } catch {
            return error.problem
        }
    }

    /// Compares the tensors of `file` with those that PyTorch made of the same checkpoint.
    func expectEqual(_ file: SafetensorsFile, encoderOnly: Bool = false, tolerance: Float = 0) throws {
        let expected = try SafetensorsFile(path: Self.golden("expected.safetensors"))
        let names = expected.names.filter { name in !encoderOnly || !Self.head.contains { name.hasPrefix($0) } }
        #expect(Set(file.names) == Set(names))
        for name in names {
            let (ours, theirs) = (try #require(file.tensor(name)), try #require(expected.tensor(name)))
            #expect(ours.shape == theirs.shape, "\(name)")
            // PyTorch folds weight norm in single precision.
            let allowed = max(tolerance, name == Architecture.positionConvolution + "weight" ? 2e-7 : 0)
            let worst =
                zip(try #require(ours.floats()), try #require(theirs.floats()))
                .map { abs($0 - $1) / max(abs($1), 1e-3) }.max() ?? 0
            #expect(worst <= allowed, "\(name)")
        }
    }

    @Test(arguments: ["plain.pt", "nested.pt", "fold.pt", "loop.pt"]) func readsAuthorsForms(name: String) throws {
        let (report, file) = try imported(Self.golden(name))
        try expectEqual(file)
        let expected = try SafetensorsFile(path: Self.golden("expected.safetensors"))
        for key in [
            "format", "architecture", "encoder", "tap", "encoder_heads", "cross_heads", "labels", "tap_norm",
            "mfcc_pool", "level_dbfs",
        ] {
            #expect(file.metadata[key] == expected.metadata[key], "\(key)")
        }
        #expect(file.metadata.count == expected.metadata.count)
        #expect(report.written.hasHead)
        #expect(report.written.licence == "see the source checkpoint")
        #expect(report.dropped.contains("wav2vec_encoder.wav2vec.masked_spec_embed"))
        #expect(report.dropped.filter { $0.contains("encoder.layers.2.") }.count == 16)
        #expect(report.dropped.count == 17)
        #expect(try WeightsDescription.verify(path: file.path).sha256 == report.written.sha256)
    }

    @Test func formsAreNamed() throws {
        #expect(try imported(Self.golden("plain.pt")).0.form == "PyTorch state dict")
        #expect(try imported(Self.golden("nested.pt")).0.form == "PyTorch state dict under model_state_dict")
        #expect(try imported(Self.golden("loop.pt")).0.form == "PyTorch state dict under model_state_dict")
        #expect(try imported(Self.golden("fold.pt")).0.form == "PyTorch state dict under best_chkpt")
        #expect(try imported(Self.golden("model.safetensors")).0.form == "safetensors")
    }

    /// A file is known by its first bytes, whatever its name says.
    @Test func misnamedFilesAreRead() throws {
        for (golden, name) in [
            ("model.safetensors", "model.pt"), ("plain.pt", "plain.safetensors"), ("loop.pt", "loop"),
        ] {
            let path = folder.path(name)
            try FileManager.default.copyItem(atPath: Self.golden(golden), toPath: path)
            try expectEqual(imported(path).1, encoderOnly: golden == "model.safetensors")
        }
    }

    @Test func spellingsOfWeightNormAgree() throws {
        let (new, _) = try imported(Self.golden("plain.pt"))
        let (old, _) = try imported(Self.golden("nested.pt"))
        #expect(new.written.sha256 == old.written.sha256)
    }

    @Test func readsViewsAndOtherElementTypes() throws {
        try expectEqual(imported(Self.golden("views.pt")).1, tolerance: 0x1p-8)
    }

    @Test(arguments: ["model.safetensors", "pytorch_model.bin", "bare.safetensors"])
    func readsHuggingFace(name: String) throws {
        let (report, file) = try imported(Self.golden(name))
        try expectEqual(file, encoderOnly: true)
        #expect(!report.written.hasHead)
        #expect(report.written.labels.isEmpty)
        #expect(file.metadata["cross_heads"] == nil && file.metadata["labels"] == nil)
        #expect(report.dropped.contains("quantizer.codevectors") == (name != "bare.safetensors"))
        #expect(try WeightsDescription.verify(path: file.path).hasHead == false)
    }

    @Test func provenanceNamesSourceAndDigest() throws {
        let (report, _) = try imported(Self.golden("plain.pt"))
        let source = try MappedFile(path: Self.golden("plain.pt"))
        #expect(report.written.provenance == "imported from plain.pt (sha256 \(SHA256.hex(of: source.bytes)))")
    }

    @Test func progressRisesToOne() throws {
        var seen: [Double] = []
        try WeightsImporter.importCheckpoint(
            at: Self.golden("plain.pt"), to: folder.path("p"), options: Self.options()
        ) { seen.append($0) }
        #expect(seen.first == 0 && seen.last == 1 && seen == seen.sorted() && seen.count > 50)
    }

    @Test func headsAreChecked() {
        var options = Self.options()
        options.crossHeads = 3
        #expect(problem(Self.golden("plain.pt"), options).contains("width 8 cannot have 3 heads"))
        options = Self.options()
        options.encoderHeads = nil
        #expect(problem(Self.golden("plain.pt"), options).contains("width 8 does not tell"))
        for tap in [0, -1, 65, .max] {
            #expect(problem(Self.golden("plain.pt"), Self.options(tap: tap)).contains("no layer of an encoder"))
        }
        #expect(problem(Self.golden("plain.pt"), Self.options(tap: 9)).contains("encoder.layers.8.final_layer_norm"))
    }

    // MARK: Wrong tensors are named

    /// The bare encoder with some tensors changed, as a file.
    func altered(
        _ change: (inout [String: (shape: [Int], numbers: [Float])]) -> Void
    ) throws -> String {
        let source = try SafetensorsFile(path: Self.golden("bare.safetensors"))
        var tensors: [String: (shape: [Int], numbers: [Float])] = [:]
        for name in source.names {
            let tensor = try #require(source.tensor(name))
            tensors[name] = (tensor.shape, try #require(tensor.floats()))
        }
        change(&tensors)
        let path = folder.path("altered.safetensors")
        let sorted = tensors.sorted { $0.key < $1.key }
        let writer = try SafetensorsWriter(
            path: path, sorted.map { .init(name: $0.key, type: .float32, shape: $0.value.shape) }, metadata: [:])
        for (_, tensor) in sorted { try tensor.numbers.withUnsafeBytes { try writer.append($0) } }
        _ = try writer.finish()
        return path
    }

    @Test func namesMissingExtraAndMisshapen() throws {
        let base = "wav2vec_encoder.wav2vec."
        #expect(problem(try altered { _ in }) == "none")
        let several = problem(
            try altered {
                $0["encoder.layers.1.attention.k_proj.bias"] = nil
                $0["encoder.layer_norm.weight"] = nil
                $0["encoder.layers.0.adapter.bias"] = ([2], [1, 2])
                $0["lora.weight"] = ([1], [1])
                $0["feature_extractor.conv_layers.3.conv.weight"] = ([4, 3, 3], [Float](repeating: 1, count: 36))
            })
        #expect(several.contains("'\(base)encoder.layers.1.attention.k_proj.bias' of shape [8] is missing"))
        #expect(several.contains("'\(base)encoder.layer_norm.weight' of shape [8] is missing"))
        #expect(several.contains("'\(base)encoder.layers.0.adapter.bias' does not belong"))
        #expect(several.contains("'lora.weight' does not belong"))
        #expect(
            several.contains(
                "'\(base)feature_extractor.conv_layers.3.conv.weight' has the shape [4, 3, 3], not [4, 4, 3]"))
        #expect(several.split(separator: "\n").count == 6)
        #expect(
            problem(
                try altered {
                    $0["encoder.pos_conv_embed.conv.weight_g"] = ([8, 1, 1], [Float](repeating: 1, count: 8))
                }
            )
            .contains("weight_g' is not of shape [1, 1, 8]"))
        #expect(
            problem(try altered { $0["encoder.pos_conv_embed.conv.weight_g"] = nil })
                .contains("pos_conv_embed.conv.weight_v' does not belong"))
        #expect(problem(try altered { $0 = ["a": ([1], [1])] }).contains("neither CA-SER nor wav2vec 2.0"))
        #expect(folder.contents.sorted() == ["altered.safetensors", "never.safetensors"])
    }

    @Test func refusesNumbersThatAreNotFinite() throws {
        for value in [Float.nan, .infinity, -.infinity] {
            let path = try altered { $0["encoder.layers.1.layer_norm.bias"]?.numbers[3] = value }
            #expect(problem(path).contains("'wav2vec_encoder.wav2vec.encoder.layers.1.layer_norm.bias' has numbers"))
        }
        let zero = try altered {
            guard let count = $0["encoder.pos_conv_embed.conv.weight_v"]?.numbers.count else { return }
            $0["encoder.pos_conv_embed.conv.weight_v"]?.numbers = [Float](repeating: 0, count: count)
        }
        #expect(problem(zero).contains("pos_conv_embed.conv.weight' has numbers that are not finite"))
        #expect(folder.contents == ["altered.safetensors"])
    }

    /// A sparse file of the published sizes, of which only the header is read.
    @Test func namesOneMisshapenTensorOfAFullCheckpoint() throws {
        for (name, shape) in [
            ("wav2vec_encoder.wav2vec.feature_projection.projection.weight", [700, 512]),
            ("wav2vec_encoder.wav2vec.encoder.layers.8.feed_forward.output_dense.bias", [3072]),
            ("wav2vec_ff.weight", [256, 768]), ("mfcc_encoder.lstm.weight_hh_l0", [2048, 500]),
            ("cls_head.weight", [7, 512]),
        ] {
            var entries: [String] = []
            var offset = 0
            for tensor in Architecture.wav2vec(.init(), tap: 12) + Architecture.head(.init()) {
                let dimensions = tensor.shape
                let torch = dimensions.count == 3 ? [dimensions[0], dimensions[2], dimensions[1]] : dimensions
                let stored = tensor.name == name ? shape : torch
                let end = offset + 2 * stored.reduce(1, *)
                entries.append(
                    #""\#(tensor.name)":{"dtype":"F16","shape":\#(stored),"data_offsets":[\#(offset),\#(end)]}"#)
                offset = end
            }
            let json = Array("{\(entries.joined(separator: ","))}".utf8)
            let path = try folder.write("full.safetensors", littleEndian(UInt64(json.count)) + json)
            #expect(truncate(path, 8 + json.count + offset) == 0)
            let found = problem(path, WeightsImporter.Options())
            #expect(found.contains("'\(name)' has the shape \(shape), not "), "\(found)")
            #expect(found.split(separator: "\n").count == 2, "\(found)")
        }
    }

    /// Views with shared storage cannot make a small file claim a large model.
    @Test func refusesSharedStorage() throws {
        var pickle = Pickle.protocol2 + Pickle.emptyDictionary
        var sizes = Architecture.EncoderSizes()
        sizes.width = 64
        sizes.feedForward = 128
        sizes.positionGroup = 4
        sizes.channels = [Int](repeating: 64, count: 7)
        for tensor in Architecture.wav2vec(sizes, tap: 9) {
            let shape = tensor.shape.count == 3 ? [tensor.shape[0], tensor.shape[2], tensor.shape[1]] : tensor.shape
            let numbers = { (values: [Int]) in
                Pickle.mark + values.flatMap { Pickle.integer(Int32($0)) } + Array("t".utf8)
            }
            pickle += Pickle.string(tensor.name.replacingOccurrences(of: Architecture.wav2vecPrefix, with: ""))
            pickle += Pickle.tensor(
                Pickle.storage(count: Pickle.integer(40_000)), shape: numbers(shape),
                strides: numbers(StridedTensor.denseStrides(shape)))
            pickle += Pickle.setItem
        }
        let zip = ZipBuilder.checkpoint(pickle + Pickle.stop, storage: [UInt8](repeating: 0, count: 160_000))
        let path = try folder.write("shared.pt", zip.bytes)
        #expect(problem(path, Self.options(tap: 9)).contains("share storage"))
    }
}
