import EmotionNetwork

/// The mapping from a checkpoint's tensors to those of the weights file, checked in full before anything is written.
struct ImportPlan {
    let tensors: [ImportedTensor]
    let dropped: [String]
    let metadata: [String: String]
    /// The total number of elements.
    let count: Int

    /// The prefixes of unused heads of Hugging Face's wav2vec 2.0 models, for pretraining and other tasks.
    private static let otherHeads = [
        "quantizer.", "project_q.", "project_hid.", "lm_head.", "projector.", "classifier.",
    ]

    /// Maps all tensors of `checkpoint`.
    ///
    /// - Throws: `mismatch` that names each tensor that is missing, extra or misshapen, or the option that does not
    ///   fit.
    init(_ checkpoint: Checkpoint, _ options: WeightsImporter.Options) throws(WeightsError) {
        let path = checkpoint.mapping.path
        guard (1...64).contains(options.tap) else {
            throw Self.mismatch(
                path, "the tap \(options.tap) is no layer of an encoder", "give 1 to 64; the paper's is 9")
        }
        let (named, hasHead) = try Self.rename(checkpoint)
        var sources: [String: ImportedTensor.Source] = [:]
        var dropped: [String] = []
        for (name, tensor) in named {
            if Self.isUnused(name, tap: options.tap, hasHead: hasHead) {
                dropped.append(name)
            } else {
                sources[name] = .plain(tensor.shape.count == 3 ? tensor.permuted([0, 2, 1]) : tensor)
            }
        }
        let misshapen = Self.pairWeightNorm(&sources)
        tensors = try Self.match(sources, misshapen, tap: options.tap, hasHead: hasHead, path)
        count = tensors.reduce(0) { $0 + $1.count }
        guard count <= checkpoint.mapping.count / 2 else {
            throw Self.mismatch(
                path, "its tensors share storage to claim \(count) numbers", "use a checkpoint that stores each")
        }
        self.dropped = dropped.sorted()
        metadata = try Self.metadata(sources.mapValues(\.shape), hasHead: hasHead, options, path)
    }

    private static func mismatch(_ path: String, _ problem: String, _ remedy: String) -> WeightsError {
        WeightsError(.mismatch, file: path, problem: problem, remedy: remedy)
    }

    /// Matches the sources with the architecture's tensors, and returns them in the architecture's order.
    ///
    /// - Parameter complaints: The faults that are known already.
    /// - Throws: `mismatch` with all faults if there are any.
    private static func match(
        _ sources: [String: ImportedTensor.Source], _ complaints: [String], tap: Int, hasHead: Bool, _ path: String
    ) throws(WeightsError) -> [ImportedTensor] {
        let shapes = sources.mapValues(\.shape)
        let sizes = Architecture.wav2vecSizes(shapes)
        let encoders = [Architecture.EncoderSizes(), sizes].map { Architecture.wav2vec($0, tap: tap) }
        let heads =
            hasHead
            ? [Architecture.HeadSizes(), Architecture.headSizes(shapes, width: sizes.width)].map(Architecture.head)
            : [[]]
        let best = Architecture.best(
            shapes, encoders.flatMap { encoder in heads.map { encoder + $0 } },
            shown: { $0.count == 3 ? [$0[0], $0[2], $0[1]] : $0 })
        var complaints = complaints + best.complaints
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) where !source.type.isFloatingPoint {
            complaints.append("\(quoted(name)) has elements of type \(source.type.rawValue), not floating-point")
        }
        guard complaints.isEmpty else {
            throw mismatch(
                path, Architecture.message(complaints), "import the authors' CA-SER checkpoint or wav2vec 2.0 base")
        }
        return best.expected.compactMap { expected in
            sources[expected.name].map { ImportedTensor(name: expected.name, source: $0) }
        }
    }

    /// The metadata of the weights file: the properties that the tensors' shapes do not determine.
    ///
    /// - Throws: `mismatch` where a number of heads does not divide its width.
    private static func metadata(
        _ shapes: Architecture.Shapes, hasHead: Bool, _ options: WeightsImporter.Options, _ path: String
    ) throws(WeightsError) -> [String: String] {
        let width = Architecture.wav2vecSizes(shapes).width
        guard let heads = options.encoderHeads ?? (width == 768 ? 12 : nil), heads > 0, width.isMultiple(of: heads)
        else {
            throw mismatch(
                path, "the encoder's width \(width) does not tell its number of attention heads",
                "give one that divides the width")
        }
        var metadata = [
            "format": WeightsDescription.format, "architecture": WeightsDescription.architecture,
            "encoder": ModelConfiguration.Encoder.wav2vec2.rawValue, "tap": String(options.tap),
            "encoder_heads": String(heads), "tap_norm": "none", "mfcc_pool": "1", "level_dbfs": "none",
        ]
        guard hasHead else { return metadata }
        let inner = Architecture.headSizes(shapes, width: width).inner
        guard options.crossHeads > 0, inner.isMultiple(of: options.crossHeads) else {
            throw mismatch(
                path, "its cross-attention of width \(inner) cannot have \(options.crossHeads) heads",
                "give 8, or 4 for the authors' cross-validation run")
        }
        metadata["cross_heads"] = String(options.crossHeads)
        metadata["labels"] = "happy,angry,neutral,sad"
        return metadata
    }

    /// Renames the tensors to the authors' names, and returns whether they include an emotion head.
    private static func rename(
        _ checkpoint: Checkpoint
    ) throws(WeightsError) -> (tensors: [String: StridedTensor], hasHead: Bool) {
        let names = checkpoint.tensors.keys
        if names.contains(where: { $0.hasPrefix("wav2vec_encoder.") }) { return (checkpoint.tensors, true) }
        let hugging = "wav2vec2."
        let isPrefixed = names.contains { $0.hasPrefix(hugging) }
        guard isPrefixed || names.contains(where: { $0.hasPrefix("feature_extractor.conv_layers.") }) else {
            let few = names.sorted().prefix(4).map(quoted).joined(separator: ", ")
            throw WeightsError(
                .mismatch, file: checkpoint.mapping.path,
                problem: "it is neither CA-SER nor wav2vec 2.0: its \(names.count) tensors begin with \(few)",
                remedy: "import the authors' caser.pt or a Hugging Face wav2vec2-base")
        }
        let encoder = ["feature_extractor.", "feature_projection.", "encoder.", "masked_spec_embed"]
        var renamed: [String: StridedTensor] = [:]
        for (name, tensor) in checkpoint.tensors {
            if isPrefixed {
                let ours = name.hasPrefix(hugging)
                renamed[ours ? Architecture.wav2vecPrefix + name.dropFirst(hugging.count) : name] = tensor
            } else {
                let ours = encoder.contains { name.hasPrefix($0) }
                renamed[ours ? Architecture.wav2vecPrefix + name : name] = tensor
            }
        }
        return (renamed, false)
    }

    private static func isUnused(_ name: String, tap: Int, hasHead: Bool) -> Bool {
        let layers = Architecture.wav2vecPrefix + "encoder.layers."
        if name == Architecture.wav2vecPrefix + "masked_spec_embed" { return true }
        if name.hasPrefix(layers) {
            return name.dropFirst(layers.count).prefix { $0 != "." }.allSatisfy(\.isNumber)
                && (Int(name.dropFirst(layers.count).prefix { $0 != "." }) ?? 0) >= tap
        }
        return !hasHead && otherHeads.contains { name.hasPrefix($0) }
    }

    /// Combines gain and direction of the weight norm, under either of PyTorch's names, to one source; returns
    /// complaints about misshapen gains.
    private static func pairWeightNorm(_ sources: inout [String: ImportedTensor.Source]) -> [String] {
        let base = Architecture.positionConvolution
        for (gain, direction) in [
            ("weight_g", "weight_v"), ("parametrizations.weight.original0", "parametrizations.weight.original1"),
        ] {
            guard case .plain(let gains)? = sources[base + gain],
                case .plain(let directions)? = sources[base + direction],
                sources[base + "weight"] == nil, directions.shape.count == 3
            else { continue }
            guard gains.shape == [1, directions.shape[1], 1] else {
                sources[base + gain] = nil
                sources[base + direction] = nil
                sources[base + "weight"] = .plain(directions)
                return ["\(quoted(base + gain)) is not of shape [1, 1, \(directions.shape[1])]"]
            }
            sources[base + gain] = nil
            sources[base + direction] = nil
            sources[base + "weight"] = .weightNorm(gains: gains, directions: directions)
        }
        return []
    }
}
