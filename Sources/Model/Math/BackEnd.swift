import CEmotionKernels

/// One way to compute matrix products: tiles of our own for one kind of processor, or OpenBLAS. The table is in
/// CKernels.
public struct BackEnd: Hashable, Sendable, CustomStringConvertible {
    /// The row of the table.
    private let index: Int

    private init(index: Int) { self.index = index }

    private init(_ handle: OpaquePointer) {
        index = (0..<ck_backend_count()).first { unsafe ck_backend_at($0) == handle }!
    }

    /// All back ends for this architecture, the fastest first.
    static let all = (0..<ck_backend_count()).map { BackEnd(index: $0) }

    /// The back ends that this machine runs, the fastest first. OpenBLAS is loaded to know whether it is installed.
    public static var supported: [BackEnd] { all.filter { $0.supports(.fp32) } }

    /// The back end for this machine: the first that it runs, but OpenBLAS only where it is faster than portable.
    public static let preferred = unsafe BackEnd(ck_backend_preferred())

    /// The back end that the environment variable EMOSCOPE_KERNELS names, else the preferred one.
    public static let chosen = unsafe BackEnd(ck_backend_chosen())

    /// The one that every machine runs, in C without instructions of one processor.
    public static let portable = all.last!

    /// OpenBLAS; nil where it is not installed.
    public static var openBLAS: BackEnd? { all.first { $0.name == "openblas" && $0.supports(.fp32) } }

    /// Whether EMOSCOPE_KERNELS is unset, or names a back end that this machine runs.
    public static var requestIsSound: Bool { ck_backend_request_is_sound() != 0 }

    /// The name, as in EMOSCOPE_KERNELS.
    public var name: String { unsafe String(cString: ck_backend_name(handle)) }

    /// The name, with the kernels that OpenBLAS has chosen for this processor: `avx2`, or `openblas (Haswell)`.
    public var description: String {
        guard let core = unsafe ck_backend_core(handle) else { return name }
        return unsafe "\(name) (\(String(cString: core)))"
    }

    /// Whether this back end has a precision, and this machine runs it.
    public func supports(_ precision: Precision) -> Bool { unsafe ck_backend_supports(handle, precision.code) != 0 }

    /// The back end that computes in a precision where this one is chosen: this one if it has the precision, else the
    /// next that does.
    public func computing(_ precision: Precision) -> BackEnd { unsafe BackEnd(ck_backend_for(handle, precision.code)) }

    /// The faster precision.
    public var fastest: Precision { unsafe ck_backend_fastest(handle) == CK_INT8 ? .int8 : .fp32 }

    /// Measures the peak multiply-accumulates per second of one thread: of our own tiles on numbers in the first-level
    /// cache, of OpenBLAS on small matrices; takes some 20 ms.
    public func peak(_ precision: Precision) -> Double { unsafe ck_peak(handle, precision.code) }

    @unsafe var handle: OpaquePointer { unsafe ck_backend_at(index) }
}

extension Precision {
    var code: ck_precision { self == .int8 ? CK_INT8 : CK_FP32 }

    /// The faster precision of the chosen back end: int8 with AVX2 or better, else fp32.
    public static var fastest: Precision { BackEnd.chosen.fastest }
}
