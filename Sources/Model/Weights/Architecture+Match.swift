extension Architecture {
    /// Shapes by name, in emoscope's layout.
    package typealias Shapes = [String: [Int]]

    /// Sizes of a wav2vec 2.0 encoder as its own tensors tell them; what they do not tell stays as in the base model.
    package static func wav2vecSizes(_ shapes: Shapes) -> EncoderSizes {
        var sizes = EncoderSizes()
        for index in kernels.indices {
            read(
                &sizes.channels[index], shapes, wav2vecPrefix + "feature_extractor.conv_layers.\(index).conv.weight", 0)
        }
        read(&sizes.width, shapes, wav2vecPrefix + "feature_projection.projection.weight", 0)
        read(&sizes.feedForward, shapes, wav2vecPrefix + "encoder.layers.0.feed_forward.intermediate_dense.weight", 0)
        read(&sizes.positionTaps, shapes, positionConvolution + "weight", 1)
        read(&sizes.positionGroup, shapes, positionConvolution + "weight", 2)
        return sizes
    }

    /// Sizes of a Whisper encoder as its own tensors tell them.
    package static func whisperSizes(_ shapes: Shapes) -> EncoderSizes {
        var sizes = EncoderSizes()
        read(&sizes.width, shapes, "encoder.conv2.weight", 0)
        read(&sizes.bands, shapes, "encoder.conv1.weight", 2)
        read(&sizes.positions, shapes, "encoder.positional_embedding", 0)
        read(&sizes.feedForward, shapes, "encoder.blocks.0.mlp.0.weight", 0)
        return sizes
    }

    /// Sizes of a head over an encoder of `width` as its own tensors tell them.
    package static func headSizes(_ shapes: Shapes, width: Int, tapNorm: Bool = false) -> HeadSizes {
        var sizes = HeadSizes()
        sizes.width = width
        sizes.tapNorm = tapNorm
        read(&sizes.d, shapes, "wav2vec_ff.weight", 0)
        read(&sizes.hidden, shapes, "mfcc_encoder.lstm.weight_hh_l0", 1)
        read(&sizes.inner, shapes, "coatt.attn.query.weight", 0)
        read(&sizes.feedForward, shapes, "mfcc_att.encoders.0.linear_layers.0.weight", 0)
        read(&sizes.fusedFeedForward, shapes, "coatt.linear_layers.0.weight", 0)
        return sizes
    }

    private static func read(_ size: inout Int, _ shapes: Shapes, _ name: String, _ axis: Int) {
        // The bound keeps products of a few sizes far from overflow; nothing real comes near it.
        if let shape = shapes[name], axis < shape.count, (1...65_536).contains(shape[axis]) { size = shape[axis] }
    }

    /// One line for each tensor of `expected` that `shapes` lacks or has in another shape, and for each name that is
    /// not expected.
    ///
    /// - Parameter shown: how a shape is put in the message, for files in another layout than ours.
    package static func complaints(
        _ shapes: Shapes, expected: [Tensor], shown: ([Int]) -> [Int] = { $0 }
    ) -> [String] {
        var complaints: [String] = []
        for tensor in expected {
            if let shape = shapes[tensor.name] {
                if shape != tensor.shape {
                    complaints.append(
                        "\(quoted(tensor.name)) has the shape \(shown(shape)), not \(shown(tensor.shape))")
                }
            } else if !tensor.isOptional {
                complaints.append("\(quoted(tensor.name)) of shape \(shown(tensor.shape)) is missing")
            }
        }
        let known = Set(expected.map(\.name))
        for name in shapes.keys.sorted() where !known.contains(name) {
            complaints.append("\(quoted(name)) does not belong to the architecture")
        }
        return complaints
    }

    /// The fewer complaints of the two: against the published sizes, or against those that the tensors tell.
    ///
    /// A full-size checkpoint with one wrong tensor is thereby held against the published sizes, and names that
    /// tensor instead of all the others, while a scaled-down one is held against its own.
    package static func best(
        _ shapes: Shapes, _ candidates: [[Tensor]], shown: ([Int]) -> [Int] = { $0 }
    ) -> (expected: [Tensor], complaints: [String]) {
        let judged = candidates.map { (expected: $0, complaints: complaints(shapes, expected: $0, shown: shown)) }
        return judged.min { $0.complaints.count < $1.complaints.count }!
    }

    /// The complaints as a message; at most 300 are spelled out, more than the architecture has.
    package static func message(_ complaints: [String]) -> String {
        let rest = complaints.count - 300
        return "its tensors do not fit CA-SER:\n  " + complaints.prefix(300).joined(separator: "\n  ")
            + (rest > 0 ? "\n  and \(rest) more" : "") + "\n"
    }
}
