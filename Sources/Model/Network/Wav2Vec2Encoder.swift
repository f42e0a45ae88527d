import EmotionCore

/// The encoder of wav2vec 2.0 (base: GroupNorm in the first convolution, post-norm blocks) up to an intermediate block.
///
/// Seven convolutions over the normalised wave give 50 frames a second, followed by LayerNorm, a projection to the
/// transformer's width, the positional convolution, and the blocks. Tensor names are those of the authors' checkpoint:
/// Hugging Face's with a prefix. The layout of kernels is [out, k, in].
struct Wav2Vec2Encoder: SpeechEncoder {
    static let prefix = "wav2vec_encoder.wav2vec."
    static let strides = [5, 2, 2, 2, 2, 2, 2]
    /// The most samples of a clip: a minute. The cost of attention grows with the square of the length, and the network
    /// was not trained on longer clips.
    static let longest = 60 * AudioFormat.sampleRate

    private let convolutions: [Convolution]
    private let firstNorm: (gain: Matrix, bias: Matrix)
    private let featureNorm: LayerNorm
    private let projection: Linear
    private let positions: PositionConvolution
    private let norm: LayerNorm
    private let blocks: [Block]
    let width: Int

    /// A post-norm transformer block.
    private struct Block: Sendable {
        let attention: Attention
        let postNorm: PostNorm
    }

    /// Creates the layers from the tensors of `reader`, which records faults; the result may be used only if the
    /// reader's `finish` does not throw.
    init(_ reader: inout WeightReader, tap: Int, heads: Int) {
        let stem = Wav2Vec2Encoder.prefix
        var convolutions: [Convolution] = []
        var channels: Int? = 1
        for (index, stride) in Wav2Vec2Encoder.strides.enumerated() {
            let name = stem + "feature_extractor.conv_layers.\(index).conv.weight"
            let shape = reader.shape(name, rank: 3)
            let kernel = reader.kernel(name, outputs: shape?[0], taps: shape?[1], inputs: channels)
            channels = shape?[0]
            convolutions.append(
                Convolution(
                    weight: kernel.weight, bias: nil, taps: kernel.taps, stride: stride, precision: reader.precision))
        }
        self.convolutions = convolutions
        let first = stem + "feature_extractor.conv_layers.0.layer_norm"
        let firstWidth = reader.shape(stem + "feature_extractor.conv_layers.0.conv.weight", rank: 3)?[0]
        firstNorm = (reader.take(first + ".weight", firstWidth), reader.take(first + ".bias", firstWidth))

        let width = reader.shape(stem + "feature_projection.projection.weight", rank: 2)?[0]
        featureNorm = reader.layerNorm(stem + "feature_projection.layer_norm", width: channels)
        projection = reader.linear(stem + "feature_projection.projection", inputs: channels, outputs: width)
        positions = Wav2Vec2Encoder.positions(&reader, stem + "encoder.pos_conv_embed.conv", width: width)
        norm = reader.layerNorm(stem + "encoder.layer_norm", width: width)
        reader.check(width, splitsInto: heads, "the encoder")
        blocks = (0..<tap).map { index in
            Wav2Vec2Encoder.block(&reader, stem + "encoder.layers.\(index).", width: width, heads: heads)
        }
        self.width = width ?? 0
    }

    private static func positions(_ reader: inout WeightReader, _ name: String, width: Int?) -> PositionConvolution {
        let shape = reader.shape(name + ".weight", rank: 3)
        let kernel = reader.kernel(name + ".weight", outputs: width, taps: shape?[1], inputs: shape?[2])
        if let width, let group = shape?[2], !width.isMultiple(of: group) {
            reader.note("tensor \(name).weight has groups of \(group) channels, which do not divide \(width)")
        }
        return PositionConvolution(
            weight: kernel.weight, bias: reader.take(name + ".bias", width), taps: kernel.taps,
            precision: reader.precision)
    }

    private static func block(_ reader: inout WeightReader, _ stem: String, width: Int?, heads: Int) -> Block {
        let inner = reader.shape(stem + "feed_forward.intermediate_dense.weight", rank: 2)?[0]
        let attention = Attention(
            query: reader.linear(stem + "attention.q_proj", inputs: width, outputs: width),
            key: reader.linear(stem + "attention.k_proj", inputs: width, outputs: width),
            value: reader.linear(stem + "attention.v_proj", inputs: width, outputs: width),
            output: reader.linear(stem + "attention.out_proj", inputs: width, outputs: width), heads: heads)
        let postNorm = PostNorm(
            attentionNorm: reader.layerNorm(stem + "layer_norm", width: width),
            feedForward: FeedForward(
                inner: reader.linear(stem + "feed_forward.intermediate_dense", inputs: width, outputs: inner),
                outer: reader.linear(stem + "feed_forward.output_dense", inputs: inner, outputs: width)),
            finalNorm: reader.layerNorm(stem + "final_layer_norm", width: width))
        return Block(attention: attention, postNorm: postNorm)
    }

    func frames(_ samples: Int) -> Int {
        convolutions.reduce(samples) { $1.frames($0) }
    }

    var minimumSamples: Int {
        convolutions.reversed().reduce(1) { ($0 - 1) * $1.stride + $1.taps }
    }

    var maximumSamples: Int { Wav2Vec2Encoder.longest }

    func encode(
        _ wave: Matrix, gain: Float, into x: MutableMatrix, with workspace: Workspace, observe: StageObserver
    ) {
        let arena = workspace.arena
        arena.scope {
            let features = extractFeatures(wave, gain: gain, in: arena, observe: observe)
            featureNorm(features.view, into: features)
            let projected = projection(features.view, in: arena)
            observe("features", projected.view)
            positions(projected.view, into: x, activation: .gelu, in: arena)
            norm(adding: projected.view, to: x)
            observe("positions", x.view)
        }
        arena.scope {
            let y = arena.matrix(x.rows, width)
            for (index, block) in blocks.enumerated() {
                block.attention(x.view, to: x.view, into: y, in: arena)
                block.postNorm(x, attended: y, in: arena)
                observe("block\(index + 1)", x.view)
            }
        }
    }

    /// gain · wave [samples, 1] → [frames, channels].
    private func extractFeatures(
        _ wave: Matrix, gain: Float, in arena: Arena, observe: StageObserver
    ) -> MutableMatrix {
        // Two buffers are used in turn, for the outputs of even and of odd convolutions.
        var (even, odd, count) = (0, 0, wave.rows)
        for (index, convolution) in convolutions.enumerated() {
            count = convolution.frames(count)
            if index % 2 == 0 {
                even = max(even, count * convolution.outputs)
            } else {
                odd = max(odd, count * convolution.outputs)
            }
        }
        let buffers = (even: arena.matrix(1, even), odd: arena.matrix(1, odd))
        let normalised = arena.matrix(wave.rows, 1)
        normalised.copy(wave)
        normalised.scale(by: gain)
        Clip.normalise(normalised)
        var input = normalised
        for (index, convolution) in convolutions.enumerated() {
            let frames = convolution.frames(input.rows)
            let output = (index % 2 == 0 ? buffers.even : buffers.odd).columns(0..<(frames * convolution.outputs))
                .reshaped(rows: frames, columns: convolution.outputs)
            convolution(input.view, into: output, activation: index == 0 ? .none : .gelu, on: arena.pool)
            if index == 0 {
                output.normaliseColumns(
                    gain: firstNorm.gain, bias: firstNorm.bias, epsilon: LayerNorm.epsilon, in: arena)
                output.gelu()
            }
            observe("conv\(index + 1)", output.view)
            input = output
        }
        return input
    }
}
