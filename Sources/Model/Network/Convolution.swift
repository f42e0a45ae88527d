/// A 1-D convolution over time-major frames, as matrix products over the input itself.
///
/// The kernel lies [outputs, taps · inputs], each tap's inputs together, so that output frame t is the product with the
/// window of `taps` frames from t·stride on, and those windows are rows of a matrix that is already in memory.
struct Convolution: Sendable {
    /// [outputs, taps · inputs].
    let weight: Matrix
    /// [1, outputs]; nil for none.
    let bias: Matrix?
    let inputs: Int
    let taps: Int
    let stride: Int

    init(weight: Matrix, bias: Matrix?, taps: Int, stride: Int) {
        precondition(taps > 0 && stride > 0 && weight.columns.isMultiple(of: taps))
        self.weight = weight
        self.bias = bias
        self.taps = taps
        self.stride = stride
        inputs = weight.columns / taps
    }

    var outputs: Int { weight.rows }

    /// Frames out of `frames` frames, without padding; 0 where they are too few.
    func frames(_ frames: Int) -> Int { frames < taps ? 0 : (frames - taps) / stride + 1 }

    /// x [frames, inputs] contiguous → y [frames out, outputs].
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        precondition(x.isContiguous && x.columns == inputs && y.columns == outputs)
        precondition(y.rows == frames(x.rows) && y.rows > 0)
        if let bias { y.repeatRow(bias) }
        if taps <= stride {
            let windows = x.windows(from: 0, length: taps * inputs, step: stride * inputs, rows: y.rows)
            multiply(windows, transposed: weight, into: y, accumulate: bias != nil)
        } else if weight.columns <= 256 {
            unfolded(x, into: y, in: arena)
        } else {
            overlapping(x, into: y)
        }
    }

    /// BLAS refuses rows that overlap, so the taps are taken a stride's worth at a time: those windows do not.
    private func overlapping(_ x: Matrix, into y: MutableMatrix) {
        for first in Swift.stride(from: 0, to: taps, by: stride) {
            let length = min(stride, taps - first) * inputs
            let windows = x.windows(from: first * inputs, length: length, step: stride * inputs, rows: y.rows)
            multiply(
                windows, transposed: weight.columns((first * inputs)..<(first * inputs + length)), into: y,
                accumulate: bias != nil || first > 0)
        }
    }

    /// Short windows are copied out: one product then does what several shallow ones would.
    private func unfolded(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        arena.scope {
            let length = taps * inputs
            let windows = arena.matrix(y.rows, length)
            let flat = x.reshaped(rows: 1, columns: x.count)
            for row in 0..<y.rows {
                let start = row * stride * inputs
                windows.rows(row..<(row + 1)).copy(flat.columns(start..<(start + length)))
            }
            multiply(windows.view, transposed: weight, into: y, accumulate: bias != nil)
        }
    }
}

/// wav2vec 2.0's position convolution: grouped, stride 1, as many frames out as in.
struct PositionConvolution: Sendable {
    /// [width, taps · group width].
    let weight: Matrix
    /// [1, width].
    let bias: Matrix
    let taps: Int

    var width: Int { weight.rows }
    var groupWidth: Int { weight.columns / taps }

    /// x [frames, width] → y [frames, width], before the GELU.
    ///
    /// The frames are padded by taps / 2 on either side and, for an even kernel, the one frame too many is cut, as
    /// Hugging Face's same-padding layer does.
    func callAsFunction(_ x: Matrix, into y: MutableMatrix, in arena: Arena) {
        let frames = x.rows
        let channels = groupWidth
        precondition(x.columns == width && y.columns == width && y.rows == frames)
        y.repeatRow(bias)
        // Several taps side by side make the products deep enough to be fast, at little cost of copying.
        let together = max(1, min(taps, 768 / channels))
        let rows = frames + taps - 1
        arena.scope {
            let padded = arena.matrix(rows + together, channels)
            padded.fill(0)
            let unfolded = arena.matrix(rows, together * channels)
            for group in 0..<(width / channels) {
                let columns = (group * channels)..<((group + 1) * channels)
                padded.rows((taps / 2)..<(taps / 2 + frames)).copy(x.columns(columns))
                let flat = padded.view.reshaped(rows: 1, columns: padded.count)
                for row in 0..<rows {
                    let start = row * channels
                    unfolded.rows(row..<(row + 1)).copy(flat.columns(start..<(start + together * channels)))
                }
                for first in Swift.stride(from: 0, to: taps, by: together) {
                    let depth = min(together, taps - first) * channels
                    multiply(
                        unfolded.view.rows(first..<(first + frames)).columns(0..<depth),
                        transposed: weight.rows(columns).columns((first * channels)..<(first * channels + depth)),
                        into: y.columns(columns), accumulate: true)
                }
            }
        }
    }
}
