import CEmotionKernels

/// Normalises each frame to zero mean and unit variance over its channels, then applies gain and bias. Epsilon is 1e-5,
/// PyTorch's default, in every layer.
struct LayerNorm: Sendable {
    static let epsilon: Float = 1e-5

    /// [1, width].
    let gain: Matrix
    /// [1, width].
    let bias: Matrix

    var width: Int { gain.columns }

    /// y ← LayerNorm(x), both [frames, width]; y may be x.
    func callAsFunction(_ x: Matrix, into y: MutableMatrix) {
        check(x, y)
        unsafe ck_layer_norm(x.base, y.base, x.rows, x.columns, gain.base, bias.base, LayerNorm.epsilon)
    }

    /// x ← LayerNorm(x + residual), all [frames, width]: the end of a post-norm half-block.
    func callAsFunction(adding residual: Matrix, to x: MutableMatrix) {
        check(residual, x)
        unsafe ck_add_layer_norm(
            x.base, residual.base, x.rows, x.columns, gain.base, bias.base, LayerNorm.epsilon)
    }

    private func check(_ x: Matrix, _ y: MutableMatrix) {
        precondition(x.isContiguous && y.isContiguous && x.rows == y.rows && x.columns == y.columns)
        precondition(gain.rows == 1 && gain.columns == x.columns && bias.rows == 1 && bias.columns == x.columns)
    }
}
