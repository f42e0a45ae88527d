import CEmotionKernels

/// The arithmetic of matrix products; all other operations are in single precision.
public enum Precision: String, Sendable, CaseIterable {
    /// Single precision.
    case fp32
    /// Weights and activations in 8 bits with 32-bit sums: weights have a quantization scale for each output,
    /// activations a quantization scale and a zero point for each frame.
    case int8

    /// The faster precision on this processor: int8 with AVX2 or better, else fp32.
    public static var fastest: Precision { KernelLevel.chosen >= .avx2 ? .int8 : .fp32 }
}

/// An instruction level of the matrix products.
public enum KernelLevel: String, Sendable, CaseIterable, Comparable {
    case portable, avx2, avxvnni, avx512

    /// The level that the environment variable EMOSCOPE_KERNELS names, else the highest that this processor runs.
    public static var chosen: KernelLevel { KernelLevel(ck_level_chosen()) }

    /// The levels that this processor runs, the best last.
    public static var supported: [KernelLevel] { allCases.filter { ck_level_runs($0.code) != 0 } }

    /// Whether EMOSCOPE_KERNELS is unset, or names a level that this processor runs.
    public static var requestIsSound: Bool { ck_level_request_is_sound() != 0 }

    /// Measures the peak multiply-accumulates per second of one thread with this level's kernels, on numbers in the
    /// first-level cache; takes some 20 ms.
    public func peak(_ precision: Precision) -> Double {
        precision == .int8 ? ck_i8_peak(code) : ck_f32_peak(code)
    }

    public static func < (a: KernelLevel, b: KernelLevel) -> Bool { a.code.rawValue < b.code.rawValue }

    var code: ck_level {
        switch self {
        case .portable: CK_PORTABLE
        case .avx2: CK_AVX2
        case .avxvnni: CK_AVXVNNI
        case .avx512: CK_AVX512
        }
    }

    private init(_ code: ck_level) { self = KernelLevel.allCases[Int(code.rawValue)] }
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
    init(_ weight: Matrix, bias: Matrix?, precision: Precision, level: KernelLevel = .chosen) {
        precondition(weight.count > 0)
        outputs = weight.rows
        inputs = weight.columns
        let fits = precision == .int8 && inputs >= PackedWeights.fewestInputsOfInt8 && inputs <= 1 << 16
        self.precision = fits ? .int8 : .fp32
        // `WeightReader` has already recorded the fault of a bias of another length.
        let bias = bias.flatMap { $0.columns == weight.rows ? $0 : nil }
        let pack = unsafe fits ? ck_i8_pack : ck_f32_pack
        let packed = unsafe pack(level.code, weight.base, weight.stride, outputs, inputs, bias?.base)
        guard let packed = unsafe packed else { fatalError("no memory for weights [\(outputs), \(inputs)]") }
        unsafe handle = packed
    }

    deinit { unsafe precision == .int8 ? ck_i8_free(handle) : ck_f32_free(handle) }

    /// The size of the packed weights, in bytes.
    var bytes: Int { unsafe precision == .int8 ? ck_i8_bytes(handle) : ck_f32_bytes(handle) }

    /// y [rows, outputs] ← activation(x [rows, inputs]·Wᵀ + b). The rows of `x` may overlap.
    /// - Parameter overlapping: Whether the numbers under all rows are quantised once, with one scale.
    func multiply(
        _ x: Matrix, into y: MutableMatrix, activation: Activation = .none, overlapping: Bool = false,
        on pool: ThreadPool
    ) {
        precondition(x.columns == inputs && y.columns == outputs && x.rows == y.rows)
        pool.count(rows: x.rows, outputs: outputs, depth: inputs)
        let then = activation == .gelu ? CK_GELU : CK_LINEAR
        let product =
            unsafe precision == .fp32
            ? ck_f32_multiply : overlapping ? ck_i8_multiply_overlapping : ck_i8_multiply
        unsafe product(handle, x.base, x.stride, x.rows, y.base, y.stride, then, pool.handle)
    }

    /// Outputs in a panel, whose weights are packed together.
    var panel: Int { unsafe precision == .int8 ? ck_i8_panel(handle) : ck_f32_panel(handle) }

    /// y ← y + W·x for some of the outputs, without bias: a step of a recurrence.
    /// - Parameter outputs: A range of whole panels, or one that ends with the last output.
    /// - Parameter backwards: Whether the panels are read in reverse order. Where the weights exceed a cache, those
    ///   read last in one step are still cached at the start of the next.
    func add(_ x: Matrix, to y: MutableMatrix, outputs part: Range<Int>, backwards: Bool, on pool: ThreadPool) {
        precondition(x.count == inputs && x.isContiguous && y.count == outputs && y.isContiguous)
        precondition(part.lowerBound >= 0 && part.upperBound <= outputs && part.lowerBound.isMultiple(of: panel))
        precondition(part.count.isMultiple(of: panel) || part.upperBound == outputs)
        pool.count(rows: 1, outputs: part.count, depth: inputs)
        let order: Int32 = backwards ? 1 : 0
        if precision == .fp32 {
            unsafe ck_f32_add_row(handle, x.base, y.base, part.lowerBound, part.count, order)
        } else {
            unsafe ck_i8_add_row(handle, x.base, y.base, part.lowerBound, part.count, order, pool.handle)
        }
    }
}
