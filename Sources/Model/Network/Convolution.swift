/// A 1-D convolution over time-major frames, computed as one matrix product without copying the input.
///
/// The kernel's layout is [outputs, taps · inputs], each tap's inputs together. Output frame t is the product of the
/// kernel with the window of `taps` frames from t·stride on; these windows are overlapping rows of the input itself.
struct Convolution: Sendable {
    private let weights: PackedWeights
    let inputs: Int
    let taps: Int
    let stride: Int

    /// weight [outputs, taps · inputs]; bias [1, outputs], or nil for none.
    init(weight: Matrix, bias: Matrix?, taps: Int, stride: Int, precision: Precision = .fp32) {
        precondition(taps > 0 && stride > 0 && weight.columns.isMultiple(of: taps))
        weights = PackedWeights(weight, bias: bias, precision: precision)
        self.taps = taps
        self.stride = stride
        inputs = weight.columns / taps
    }

    var outputs: Int { weights.outputs }

    /// The number of output frames for `frames` input frames, without padding; 0 if there are fewer than `taps`.
    func frames(_ frames: Int) -> Int { frames < taps ? 0 : (frames - taps) / stride + 1 }

    /// x [frames, inputs], contiguous → y [output frames, outputs].
    func callAsFunction(
        _ x: Matrix, into y: MutableMatrix, activation: PackedWeights.Activation = .none, on pool: ThreadPool
    ) {
        precondition(x.isContiguous && x.columns == inputs && y.columns == outputs)
        precondition(y.rows == frames(x.rows) && y.rows > 0)
        let windows = x.windows(from: 0, length: taps * inputs, step: stride * inputs, rows: y.rows)
        weights.multiply(windows, into: y, activation: activation, on: pool)
    }
}

/// The positional convolution of wav2vec 2.0: grouped, stride 1, with as many output frames as input frames.
struct PositionConvolution: Sendable {
    private let groups: [PackedWeights]
    private let taps: Int
    private let channels: Int

    /// weight [width, taps · channels], with the channels of one group; bias [1, width].
    init(weight: Matrix, bias: Matrix, taps: Int, precision: Precision = .fp32) {
        let channels = min(weight.columns / taps, weight.rows)
        self.taps = taps
        self.channels = channels
        groups = (0..<(weight.rows / channels)).map { group in
            let rows = (group * channels)..<((group + 1) * channels)
            // `WeightReader` has already recorded the fault of a bias of another length.
            let bias = bias.columns == weight.rows ? bias.columns(rows) : nil
            return PackedWeights(weight.rows(rows), bias: bias, precision: precision)
        }
    }

    /// x [frames, width] → y [frames, width].
    ///
    /// The frames are padded by taps / 2 on either side and, for an even kernel, the extra output frame is dropped, as
    /// in Hugging Face's same-padding layer. Each thread takes one group at a time and copies its channels together.
    func callAsFunction(
        _ x: Matrix, into y: MutableMatrix, activation: PackedWeights.Activation = .none, in arena: Arena
    ) {
        let frames = x.rows
        let width = groups.count * channels
        precondition(x.columns == width && y.columns == width && y.rows == frames)
        let rows = frames + taps - 1
        arena.scope {
            let buffers = arena.matrix(arena.pool.threads * rows, channels)
            buffers.fill(0)
            arena.pool.forEach(
                groups.count, GroupWork(convolution: self, x: x, y: y, activation: activation, buffers: buffers))
        }
    }

    /// The task that computes one group at each index; `buffers` [threads · padded frames, channels] hold the padded
    /// input, with zeros as padding.
    private struct GroupWork: ParallelTask {
        let convolution: PositionConvolution
        let x: Matrix
        let y: MutableMatrix
        let activation: PackedWeights.Activation
        let buffers: MutableMatrix

        func callAsFunction(_ group: Int, serial: ThreadPool, worker: Int) {
            let (taps, channels) = (convolution.taps, convolution.channels)
            let rows = x.rows + taps - 1
            let columns = (group * channels)..<((group + 1) * channels)
            let padded = buffers.rows((worker * rows)..<((worker + 1) * rows))
            padded.rows((taps / 2)..<(taps / 2 + x.rows)).copy(x.columns(columns))
            let windows = padded.view.windows(from: 0, length: taps * channels, step: channels, rows: x.rows)
            convolution.groups[group].multiply(
                windows, into: y.columns(columns), activation: activation, overlapping: true, on: serial)
        }
    }
}
