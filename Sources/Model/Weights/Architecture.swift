/// The tensors of CA-SER, by name and shape, in emoscope's layout: kernels of convolutions are time-major, [out, k,
/// in].
///
/// Names are those of the paper's authors; the Whisper encoder has OpenAI's.
package struct Architecture {
    /// Sizes of the encoder; the defaults are those of wav2vec 2.0 base.
    package struct EncoderSizes: Equatable {
        package init() {}

        /// Channels of each convolution of the feature extractor.
        package var channels = [Int](repeating: 512, count: 7)
        package var width = 768
        package var feedForward = 3072
        /// Input channels of one group of the positional convolution.
        package var positionGroup = 48
        /// Taps of the positional convolution.
        package var positionTaps = 128
        /// Rows of Whisper's positional table.
        package var positions = 1500
        /// Whisper's mel bands.
        package var bands = 80
    }

    /// Sizes of the head; the defaults are those of the authors' checkpoints.
    package struct HeadSizes: Equatable {
        package init() {}

        /// Width of the encoder.
        package var width = 768
        package var d = 512
        /// Units of one direction of the BiLSTM.
        package var hidden = 512
        /// Width of the cross-attention.
        package var inner = 256
        package var feedForward = 1024
        package var fusedFeedForward = 1024
        package var labels = 4
        package var tapNorm = false
    }

    /// The tensor of the weights with which the outputs of `blocks` blocks are mixed; none for 0.
    package static func tapMix(_ blocks: Int) -> [Tensor] {
        blocks == 0 ? [] : [Tensor(name: "tap_mix", shape: [blocks])]
    }

    package struct Tensor {
        package var name: String
        package var shape: [Int]
        /// Whether the file may omit the tensor: a bias that is all zero.
        package var isOptional = false
    }

    package static let wav2vecPrefix = "wav2vec_encoder.wav2vec."
    package static let positionConvolution = wav2vecPrefix + "encoder.pos_conv_embed.conv."
    /// Kernel widths of the seven convolutions of wav2vec 2.0.
    package static let kernels = [10, 3, 3, 3, 3, 2, 2]
    package static let coefficients = 40

    package static func linear(_ name: String, _ outputs: Int, _ inputs: Int) -> [Tensor] {
        [Tensor(name: name + ".weight", shape: [outputs, inputs]), Tensor(name: name + ".bias", shape: [outputs])]
    }

    package static func norm(_ name: String, _ width: Int) -> [Tensor] {
        [Tensor(name: name + ".weight", shape: [width]), Tensor(name: name + ".bias", shape: [width])]
    }

    /// wav2vec 2.0 up to transformer layer `tap`, weight norm folded.
    package static func wav2vec(_ sizes: EncoderSizes, tap: Int) -> [Tensor] {
        let prefix = wav2vecPrefix
        var tensors: [Tensor] = []
        for (index, kernel) in kernels.enumerated() {
            let inputs = index == 0 ? 1 : sizes.channels[index - 1]
            let name = prefix + "feature_extractor.conv_layers.\(index)."
            tensors.append(Tensor(name: name + "conv.weight", shape: [sizes.channels[index], kernel, inputs]))
            if index == 0 { tensors += norm(name + "layer_norm", sizes.channels[0]) }
        }
        let features = sizes.channels.last!
        tensors += norm(prefix + "feature_projection.layer_norm", features)
        tensors += linear(prefix + "feature_projection.projection", sizes.width, features)
        tensors += [
            Tensor(
                name: positionConvolution + "weight", shape: [sizes.width, sizes.positionTaps, sizes.positionGroup]),
            Tensor(name: positionConvolution + "bias", shape: [sizes.width]),
        ]
        tensors += norm(prefix + "encoder.layer_norm", sizes.width)
        for layer in 0..<tap {
            let name = prefix + "encoder.layers.\(layer)."
            for projection in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                tensors += linear(name + "attention." + projection, sizes.width, sizes.width)
            }
            tensors += norm(name + "layer_norm", sizes.width)
            tensors += linear(name + "feed_forward.intermediate_dense", sizes.feedForward, sizes.width)
            tensors += linear(name + "feed_forward.output_dense", sizes.width, sizes.feedForward)
            tensors += norm(name + "final_layer_norm", sizes.width)
        }
        return tensors
    }

    /// Whisper's encoder up to block `tap`.
    package static func whisper(_ sizes: EncoderSizes, tap: Int) -> [Tensor] {
        let width = sizes.width
        var tensors = [
            Tensor(name: "encoder.conv1.weight", shape: [width, 3, sizes.bands]),
            Tensor(name: "encoder.conv1.bias", shape: [width]),
            Tensor(name: "encoder.conv2.weight", shape: [width, 3, width]),
            Tensor(name: "encoder.conv2.bias", shape: [width]),
            Tensor(name: "encoder.positional_embedding", shape: [sizes.positions, width]),
        ]
        for block in 0..<tap {
            let name = "encoder.blocks.\(block)."
            for projection in ["query", "key", "value", "out"] {
                tensors += linear(name + "attn." + projection, width, width)
                if projection == "key" { tensors[tensors.count - 1].isOptional = true }
            }
            tensors += norm(name + "attn_ln", width)
            tensors += linear(name + "mlp.0", sizes.feedForward, width)
            tensors += linear(name + "mlp.2", width, sizes.feedForward)
            tensors += norm(name + "mlp_ln", width)
        }
        return tensors
    }

    /// All tensors of the emotion head.
    package static func head(_ sizes: HeadSizes) -> [Tensor] {
        var tensors: [Tensor] = []
        for layer in 0..<2 {
            for direction in ["", "_reverse"] {
                let inputs = layer == 0 ? coefficients : 2 * sizes.hidden
                let gates = 4 * sizes.hidden
                let suffix = "_l\(layer)\(direction)"
                tensors += [
                    Tensor(name: "mfcc_encoder.lstm.weight_ih" + suffix, shape: [gates, inputs]),
                    Tensor(name: "mfcc_encoder.lstm.weight_hh" + suffix, shape: [gates, sizes.hidden]),
                    Tensor(name: "mfcc_encoder.lstm.bias_ih" + suffix, shape: [gates]),
                    Tensor(name: "mfcc_encoder.lstm.bias_hh" + suffix, shape: [gates]),
                ]
            }
        }
        if sizes.tapNorm { tensors += norm("tap_norm", sizes.width) }
        tensors += linear("wav2vec_ff", sizes.d, sizes.width)
        tensors += linear("mfcc_ff", sizes.d, 2 * sizes.hidden)
        tensors += linear("mfcc_att.encoders.0.attn.qkv_proj", 3 * sizes.d, sizes.d)
        tensors += linear("mfcc_att.encoders.0.attn.out_proj", sizes.d, sizes.d)
        tensors += block("mfcc_att.encoders.0", sizes.d, sizes.feedForward)
        for projection in ["query", "key", "value"] {
            tensors += linear("coatt.attn." + projection, sizes.inner, sizes.d)
        }
        tensors += linear("coatt.attn.proj", sizes.d, sizes.inner)
        tensors += block("coatt", sizes.d, sizes.fusedFeedForward)
        tensors += linear("cls_head", sizes.labels, sizes.d)
        return tensors
    }

    private static func block(_ name: String, _ d: Int, _ feedForward: Int) -> [Tensor] {
        linear(name + ".linear_layers.0", feedForward, d) + linear(name + ".linear_layers.3", d, feedForward)
            + norm(name + ".ln1", d) + norm(name + ".ln2", d)
    }
}
