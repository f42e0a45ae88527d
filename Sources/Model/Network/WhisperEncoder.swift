/// The encoder of OpenAI's Whisper (pre-norm blocks) up to an intermediate block.
///
/// Log-mel frames (100 a second) pass through two convolutions of three taps with GELU, the second of stride 2. The
/// positional table, cut to the clip's length, is added; then the blocks follow. The result is either the residual
/// stream after the last block, not normalised, or a weighted sum of the standardised streams after several blocks. In
/// both cases groups of consecutive frames may be averaged, also before the last blocks, which then run on the
/// averages. Tensor names are OpenAI's under `encoder.`; the layout of kernels is [out, k, in].
struct WhisperEncoder: SpeechEncoder {
    static let prefix = "encoder."

    private let first: Convolution
    private let second: Convolution
    /// [positions, width].
    private let positions: Matrix
    private let blocks: [Block]
    /// A LayerNorm for each mixed block, counted from 1: all its gains are the block's weight in the sum, its biases 0.
    private let mix: [Int: LayerNorm]
    /// Consecutive frames of a residual stream that are averaged into one frame of the representation.
    private let pool: Int
    /// The block, counted from 1, after which the stream itself is averaged.
    private let poolAfter: Int
    let width: Int
    let bands: Int

    /// A pre-norm transformer block.
    private struct Block: Sendable {
        let attentionNorm: LayerNorm
        let attention: Attention
        let feedForwardNorm: LayerNorm
        let feedForward: FeedForward

        func callAsFunction(_ stream: Stream, in arena: Arena) {
            attentionNorm(stream.x.view, into: stream.normed)
            attention(stream.normed.view, to: stream.normed.view, into: stream.y, in: arena)
            stream.x.add(stream.y.view)
            feedForwardNorm(stream.x.view, into: stream.normed)
            feedForward(stream.normed.view, into: stream.y, in: arena)
            stream.x.add(stream.y.view)
        }
    }

    /// The residual stream x, the buffer y for what a block adds to it, and the buffer of the normalised stream; each
    /// [frames, width].
    private struct Stream {
        var x: MutableMatrix
        var y: MutableMatrix
        var normed: MutableMatrix

        init(_ frames: Int, _ width: Int, in arena: Arena) {
            x = arena.matrix(frames, width)
            y = arena.matrix(frames, width)
            normed = arena.matrix(frames, width)
        }

        /// Replaces each group of `size` consecutive frames by its mean; a remainder is dropped.
        mutating func average(by size: Int, in arena: Arena) {
            let averages = 0..<(x.rows / size)
            y.rows(averages).setMeans(of: x.view, by: size, in: arena)
            (x, y, normed) = (y.rows(averages), x.rows(averages), normed.rows(averages))
        }
    }

    /// Creates the layers from the tensors of `reader`, which records faults; the result may be used only if the
    /// reader's `finish` does not throw.
    init(_ reader: inout WeightReader, tap: Int, mix: [Int], pool: Int, poolAfter: Int, heads: Int) {
        let stem = WhisperEncoder.prefix
        let shape = reader.shape(stem + "conv1.weight", rank: 3)
        let width = shape?[0]
        let bands = shape?[2]
        let kernel1 = reader.kernel(stem + "conv1.weight", outputs: width, taps: 3, inputs: bands)
        let kernel2 = reader.kernel(stem + "conv2.weight", outputs: width, taps: 3, inputs: width)
        first = Convolution(
            weight: kernel1.weight, bias: reader.take(stem + "conv1.bias", width), taps: kernel1.taps, stride: 1,
            precision: reader.precision)
        second = Convolution(
            weight: kernel2.weight, bias: reader.take(stem + "conv2.bias", width), taps: kernel2.taps, stride: 2,
            precision: reader.precision)
        if let bands, bands > 256 { reader.note("tensor \(stem)conv1.weight reads \(bands) mel bands, more than 256") }
        let table = reader.shape(stem + "positional_embedding", rank: 2)
        positions = reader.take(stem + "positional_embedding", table?[0], width)
        reader.check(width, splitsInto: heads, "the encoder")
        // The first block is always in single precision: in 8 bits it causes two thirds of the change in probabilities.
        blocks = (0..<tap).map { index in
            let name = stem + "blocks.\(index)."
            return index == 0
                ? reader.inFP32 { WhisperEncoder.block(&$0, name, width: width, heads: heads) }
                : WhisperEncoder.block(&reader, name, width: width, heads: heads)
        }
        self.mix = mix.isEmpty ? [:] : WhisperEncoder.mix(&reader, of: mix, width: width ?? 1)
        self.pool = pool
        self.poolAfter = poolAfter
        self.width = width ?? 0
        self.bands = bands ?? 1
    }

    private static func block(_ reader: inout WeightReader, _ stem: String, width: Int?, heads: Int) -> Block {
        let inner = reader.shape(stem + "mlp.0.weight", rank: 2)?[0]
        let attention = Attention(
            query: reader.linear(stem + "attn.query", inputs: width, outputs: width),
            // Whisper's keys have no bias; some conversions store zeros.
            key: Linear(
                weight: reader.take(stem + "attn.key.weight", width, width),
                bias: reader.takeIfPresent(stem + "attn.key.bias", width), precision: reader.precision),
            value: reader.linear(stem + "attn.value", inputs: width, outputs: width),
            output: reader.linear(stem + "attn.out", inputs: width, outputs: width), heads: heads)
        return Block(
            attentionNorm: reader.layerNorm(stem + "attn_ln", width: width), attention: attention,
            feedForwardNorm: reader.layerNorm(stem + "mlp_ln", width: width),
            feedForward: FeedForward(
                inner: reader.linear(stem + "mlp.0", inputs: width, outputs: inner),
                outer: reader.linear(stem + "mlp.2", inputs: inner, outputs: width)))
    }

    private static func mix(_ reader: inout WeightReader, of blocks: [Int], width: Int) -> [Int: LayerNorm] {
        let weights = reader.take("tap_mix", blocks.count)
        // The placeholder of a faulty tensor has one number; the reader's `finish` will throw.
        guard weights.columns == blocks.count else { return [:] }
        let constants = Arena()
        let zero = constants.matrix(1, width)
        zero.fill(0)
        return Dictionary(
            uniqueKeysWithValues: blocks.enumerated().map { index, block in
                let gain = constants.matrix(1, width)
                gain.fill(weights[0, index])
                return (block, LayerNorm(gain: gain.view, bias: zero.view))
            })
    }

    func frames(_ samples: Int) -> Int { streamFrames(samples) / pool }

    /// The number of frames of the residual stream before any are averaged.
    private func streamFrames(_ samples: Int) -> Int { (LogMel.frames(samples) + 1) / 2 }

    /// The fewest samples that give one frame of the representation. The first frame of the stream needs one mel frame,
    /// each further one two more.
    var minimumSamples: Int { max(LogMel.minimumSamples, (2 * pool - 1) * LogMel.hop) }

    var maximumSamples: Int { 2 * positions.rows * LogMel.hop + LogMel.hop - 1 }

    func encode(
        _ wave: Matrix, gain: Float, into output: MutableMatrix, with workspace: Workspace, observe: StageObserver
    ) {
        let arena = workspace.arena
        arena.scope {
            var stream = Stream(streamFrames(wave.count), width, in: arena)
            convolve(wave, gain: gain, into: stream.x, with: workspace, observe: observe)
            let pooled = arena.matrix(output.rows, width)
            output.fill(0)
            // The number of frames of the stream that have yet to be averaged into one.
            var size = pool
            for (number, block) in zip(1..., blocks) {
                block(stream, in: arena)
                observe("block\(number)", stream.x.view)
                if number == poolAfter, number < blocks.count {
                    stream.average(by: size, in: arena)
                    size = 1
                }
                if let weighted = mix[number] {
                    if size > 1 { pooled.setMeans(of: stream.x.view, by: size, in: arena) }
                    weighted(size > 1 ? pooled.view : stream.x.view, into: pooled)
                    output.add(pooled.view)
                }
            }
            if mix.isEmpty { output.setMeans(of: stream.x.view, by: size, in: arena) }
        }
    }

    /// gain · wave [samples, 1] → x [stream frames, width]: log-mel, both convolutions, positions.
    private func convolve(
        _ wave: Matrix, gain: Float, into x: MutableMatrix, with workspace: Workspace, observe: StageObserver
    ) {
        let arena = workspace.arena
        arena.scope {
            let frames = LogMel.frames(wave.count)
            // Each convolution's input is padded by one frame of zeros on either side.
            let mel = padded(frames, bands, in: arena)
            workspace.logMel(bands: bands).compute(wave, gain: gain, into: mel.rows(1..<(frames + 1)), in: arena)
            observe("log_mel", mel.view.rows(1..<(frames + 1)))
            let hidden = padded(frames, width, in: arena)
            let inner = hidden.rows(1..<(frames + 1))
            first(mel.view, into: inner, activation: .gelu, on: arena.pool)
            observe("conv1", inner.view)
            second(hidden.view, into: x, activation: .gelu, on: arena.pool)
            observe("conv2", x.view)
            x.add(positions.rows(0..<x.rows))
        }
    }

    /// Allocates a matrix [frames + 2, columns] whose first and last rows are zero.
    private func padded(_ frames: Int, _ columns: Int, in arena: Arena) -> MutableMatrix {
        let matrix = arena.matrix(frames + 2, columns)
        matrix.rows(0..<1).fill(0)
        matrix.rows((frames + 1)..<(frames + 2)).fill(0)
        return matrix
    }
}
