/// Which tensors of a checkpoint become which of ours, checked in full before anything is written.
struct ImportPlan {
    let tensors: [ImportedTensor]
    let dropped: [String]
    let metadata: [String: String]
    /// Elements in all.
    let count: Int

    /// Heads of Hugging Face's wav2vec 2.0 models for pretraining and other tasks, of no use here.
    private static let otherHeads = [
        "quantizer.", "project_q.", "project_hid.", "lm_head.", "projector.", "classifier.",
    ]

    init(_ checkpoint: Checkpoint, _ options: WeightsImporter.Options) throws(WeightsError) {
        let path = checkpoint.mapping.path
        func mismatch(_ problem: String, _ remedy: String) -> WeightsError {
            WeightsError(.mismatch, file: path, problem: problem, remedy: remedy)
        }
        guard (1...64).contains(options.tap) else {
            throw mismatch("the tap \(options.tap) is no layer of an encoder", "give 1 to 64; the paper's is 9")
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
        var complaints = Self.pairWeightNorm(&sources)
        let shapes = sources.mapValues(\.shape)
        let encoder = [Architecture.EncoderSizes(), Architecture.wav2vecSizes(shapes)]
            .map { Architecture.wav2vec($0, tap: options.tap) }
        let width = Architecture.wav2vecSizes(shapes).width
        let head =
            hasHead
            ? [Architecture.HeadSizes(), Architecture.headSizes(shapes, width: width)].map(Architecture.head) : [[]]
        let best = Architecture.best(
            shapes, encoder.flatMap { encoder in head.map { encoder + $0 } },
            shown: { $0.count == 3 ? [$0[0], $0[2], $0[1]] : $0 })
        complaints += best.complaints
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) where !source.type.isFloatingPoint {
            complaints.append("\(quoted(name)) has elements of type \(source.type.rawValue), not floating-point")
        }
        guard complaints.isEmpty else {
            throw mismatch(
                Architecture.message(complaints), "import the authors' CA-SER checkpoint or wav2vec 2.0 base")
        }
        tensors = best.expected.compactMap { expected in
            sources[expected.name].map { ImportedTensor(name: expected.name, source: $0) }
        }
        count = tensors.reduce(0) { $0 + $1.count }
        guard count <= checkpoint.mapping.count / 2 else {
            throw mismatch("its tensors share storage to claim \(count) numbers", "use a checkpoint that stores each")
        }
        self.dropped = dropped.sorted()

        guard let heads = options.encoderHeads ?? (width == 768 ? 12 : nil), heads > 0, width.isMultiple(of: heads)
        else {
            throw mismatch(
                "the encoder's width \(width) does not tell its number of attention heads",
                "give one that divides the width")
        }
        var metadata = [
            "format": WeightsDescription.format, "architecture": WeightsDescription.architecture,
            "encoder": ModelConfiguration.Encoder.wav2vec2.rawValue, "tap": String(options.tap),
            "encoder_heads": String(heads), "tap_norm": "none", "mfcc_pool": "1", "level_dbfs": "none",
        ]
        if hasHead {
            let inner = Architecture.headSizes(shapes, width: width).inner
            guard options.crossHeads > 0, inner.isMultiple(of: options.crossHeads) else {
                throw mismatch(
                    "its cross-attention of width \(inner) cannot have \(options.crossHeads) heads",
                    "give 8, or 4 for the authors' cross-validation run")
            }
            metadata["cross_heads"] = String(options.crossHeads)
            metadata["labels"] = "happy,angry,neutral,sad"
        }
        self.metadata = metadata
    }

    /// The tensors under the authors' names, and whether a head is among them.
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

    /// Makes one source of gain and direction, in either spelling; returns complaints about misshapen gains.
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
