import CEmotionKernels

/// The arithmetic of matrix products; all other operations are in single precision.
public enum Precision: String, Sendable, CaseIterable {
    /// Single precision.
    case fp32
    /// Weights and activations in 8 bits with 32-bit sums: weights have a quantization scale for each output,
    /// activations a quantization scale and a zero point for each frame.
    case int8
}

/// Weights and bias of a linear map, packed in the order in which the kernels read them, in one precision; immutable.
///
/// Weights are quantised here when they are loaded, not in the file: that takes a fraction of the time of reading them,
/// and one file serves every precision and processor.
@safe final class PackedWeights: @unchecked Sendable {
    enum Activation { case none, gelu }

    let outputs: Int
    let inputs: Int
    let precision: Precision
    @unsafe private let handle: OpaquePointer

    /// The number of inputs below which fp32 is used even for int8: quantising the activations would cost more than the
    /// faster product saves.
    static let fewestInputsOfInt8 = 64

    /// Packs copies of weight [outputs, inputs] and bias [1, outputs].
    init(_ weight: Matrix, bias: Matrix?, precision: Precision, backEnd: BackEnd = .chosen) {
        precondition(weight.count > 0)
        outputs = weight.rows
        inputs = weight.columns
        let fits = inputs >= PackedWeights.fewestInputsOfInt8 && inputs <= 1 << 16
        self.precision = fits ? precision : .fp32
        // `WeightReader` has already recorded the fault of a bias of another length.
        let bias = bias.flatMap { $0.columns == weight.rows ? $0 : nil }
        let packed = unsafe ck_pack(
            backEnd.computing(self.precision).handle, self.precision.code, weight.base, weight.stride, outputs, inputs,
            bias?.base)
        guard let packed = unsafe packed else { fatalError("no memory for weights [\(outputs), \(inputs)]") }
        unsafe handle = packed
    }

    deinit { unsafe ck_free(handle) }

    /// The size of the packed weights, in bytes.
    var bytes: Int { unsafe ck_weights_bytes(handle) }

    /// y [rows, outputs] ← activation(x [rows, inputs]·Wᵀ + b). The rows of `x` may overlap.
    /// - Parameter overlapping: Whether the numbers under all rows are quantised once, with one scale.
    func multiply(
        _ x: Matrix, into y: MutableMatrix, activation: Activation = .none, overlapping: Bool = false,
        on pool: ThreadPool
    ) {
        precondition(x.columns == inputs && y.columns == outputs && x.rows == y.rows)
        pool.count(MatrixProduct(.weights, rows: x.rows, depth: inputs, outputs: outputs))
        let then = activation == .gelu ? CK_GELU : CK_LINEAR
        unsafe ck_multiply(
            handle, x.base, x.stride, x.rows, y.base, y.stride, then, overlapping ? 1 : 0, pool.handle)
    }

    /// Outputs in a panel, whose weights lie together.
    var panel: Int { unsafe ck_weights_panel(handle) }

    /// y ← y + W·x for some of the outputs, without bias: a step of a recurrence.
    /// - Parameter outputs: A range of whole panels, or one that ends with the last output.
    /// - Parameter backwards: Whether the panels are read in reverse order. Where the weights exceed a cache, those
    ///   read last in one step are still cached at the start of the next.
    func add(_ x: Matrix, to y: MutableMatrix, outputs part: Range<Int>, backwards: Bool, on pool: ThreadPool) {
        precondition(x.count == inputs && x.isContiguous && y.count == outputs && y.isContiguous)
        precondition(part.lowerBound >= 0 && part.upperBound <= outputs && part.lowerBound.isMultiple(of: panel))
        precondition(part.count.isMultiple(of: panel) || part.upperBound == outputs)
        pool.count(MatrixProduct(.recurrence, rows: 1, depth: inputs, outputs: part.count))
        unsafe ck_add_row(
            handle, x.base, y.base, part.lowerBound, part.count, backwards ? 1 : 0, pool.handle)
    }
}
