import COpenBLAS

// Products of activations with one another. Products with weights are `PackedWeights`' own.

/// c ← scale · a · bᵀ, or c + scale · a · bᵀ. a [m, k], b [n, k] (as a linear layer's weights lie), c [m, n].
func multiply(
    _ a: Matrix, transposed b: Matrix, into c: MutableMatrix, scale: Float = 1, accumulate: Bool = false
) {
    precondition(a.rows == c.rows && b.rows == c.columns && a.columns == b.columns)
    precondition(a.stride >= a.columns && b.stride >= b.columns, "BLAS takes no rows that overlap")
    guard c.count > 0, a.columns > 0 else { return }
    unsafe cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(c.rows), Int32(c.columns), Int32(a.columns), scale,
        a.base, Int32(a.stride), b.base, Int32(b.stride), accumulate ? 1 : 0, c.base, Int32(c.stride))
}

/// c ← a · b. a [m, k], b [k, n], c [m, n].
func multiply(_ a: Matrix, _ b: Matrix, into c: MutableMatrix) {
    precondition(a.rows == c.rows && b.columns == c.columns && a.columns == b.rows)
    precondition(a.stride >= a.columns && b.stride >= b.columns, "BLAS takes no rows that overlap")
    guard c.count > 0, a.columns > 0 else { return }
    unsafe cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(c.rows), Int32(c.columns), Int32(a.columns), 1,
        a.base, Int32(a.stride), b.base, Int32(b.stride), 0, c.base, Int32(c.stride))
}
