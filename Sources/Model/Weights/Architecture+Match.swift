extension Architecture {
    /// The shapes of tensors by name, in emoscope's layout.
    package typealias Shapes = [String: [Int]]

    /// The sizes of a wav2vec 2.0 encoder, read from its tensors' shapes; a size that cannot be read is that of the
    /// base model.
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

    /// The sizes of a Whisper encoder, read from its tensors' shapes; a size that cannot be read is the default.
    package static func whisperSizes(_ shapes: Shapes) -> EncoderSizes {
        var sizes = EncoderSizes()
        read(&sizes.width, shapes, "encoder.conv2.weight", 0)
        read(&sizes.bands, shapes, "encoder.conv1.weight", 2)
        read(&sizes.positions, shapes, "encoder.positional_embedding", 0)
        read(&sizes.feedForward, shapes, "encoder.blocks.0.mlp.0.weight", 0)
        return sizes
    }

    /// The sizes of a head on an encoder of `width`, read from its tensors' shapes; a size that cannot be read is the
    /// default.
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
        // The bound keeps products of a few sizes far from overflow, and is far above the size of any real model.
        if let shape = shapes[name], axis < shape.count, (1...65_536).contains(shape[axis]) { size = shape[axis] }
    }

    /// Lists the differences between `shapes` and `expected`: one line for each tensor that is missing, has another
    /// shape or is not expected.
    ///
    /// - Parameter shown: Converts a shape to the file's own layout for the message.
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

    /// Compares `shapes` with several candidate architectures, and returns the one with the fewest differences.
    ///
    /// The candidates have the published sizes and the sizes read from the tensors. For a full-size checkpoint with one
    /// wrong tensor the published sizes win, so that only this tensor is listed; a scaled-down checkpoint is compared
    /// with its own sizes.
    package static func best(
        _ shapes: Shapes, _ candidates: [[Tensor]], shown: ([Int]) -> [Int] = { $0 }
    ) -> (expected: [Tensor], complaints: [String]) {
        let judged = candidates.map { (expected: $0, complaints: complaints(shapes, expected: $0, shown: shown)) }
        return judged.min { $0.complaints.count < $1.complaints.count }!
    }

    /// The differences as one message; at most 300 are listed, more than the architecture has tensors.
    package static func message(_ complaints: [String]) -> String {
        let rest = complaints.count - 300
        return "its tensors do not fit CA-SER:\n  " + complaints.prefix(300).joined(separator: "\n  ")
            + (rest > 0 ? "\n  and \(rest) more" : "") + "\n"
    }
}
