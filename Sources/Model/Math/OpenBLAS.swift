import COpenBLAS

/// The library for products of activations with one another: which of its kernels run. It computes on the thread that
/// calls it: a team's threads and OpenBLAS's would wait for one another.
public enum OpenBLAS {
    /// Name of the processor family whose kernels OpenBLAS uses, such as `SkylakeX`.
    public static var coreName: String {
        _ = chosen
        return unsafe String(cString: openblas_get_corename())
    }

    /// Makes sure that OpenBLAS uses this processor's kernels. Every engine calls it; only the first call acts.
    ///
    /// OpenBLAS 0.3.21 (Debian 12) does not know processors newer than itself and falls back: on newer Xeons to SSE3
    /// kernels, on newer EPYCs to AVX2 ones, four and two times slower than what those processors run.
    /// Where `OPENBLAS_CORETYPE` is set, the user has chosen and nothing is changed.
    ///
    /// - Precondition: no BLAS call has been made by anyone in the process before the first call of this.
    public static func prepare() {
        _ = chosen
    }

    /// The name under which OpenBLAS selects better kernels than the ones it calls `current`, or nil if it has none.
    static func betterCore(than current: String, avx512: Bool, avx2: Bool) -> String? {
        let withAVX512: Set = ["skylakex", "cooperlake", "sapphirerapids"]
        let withAVX2: Set = ["haswell", "zen"]
        let name = current.lowercased()
        if avx512 { return withAVX512.contains(name) ? nil : "SKYLAKEX" }
        if avx2 { return withAVX2.contains(name) || withAVX512.contains(name) ? nil : "HASWELL" }
        return nil
    }

    private static let chosen: Void = {
        defer { openblas_set_num_threads(1) }
        guard unsafe getenv("OPENBLAS_CORETYPE") == nil else { return }
        let current = unsafe String(cString: openblas_get_corename())
        let avx512 = processor_has_avx512() != 0
        let avx2 = processor_has_avx2() != 0
        if let core = betterCore(than: current, avx512: avx512, avx2: avx2) {
            _ = unsafe openblas_select_core(core)
        }
    }()
}
