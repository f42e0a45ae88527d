import CEmotionKernels

// Matrix products of two activations. `PackedWeights` has those of an activation with weights.

/// c ← scale · a · bᵀ. a [m, k], b [n, k] (the layout of linear weights), c [m, n]. The rows of `a` may overlap.
func multiply(
    _ a: Matrix, transposed b: Matrix, into c: MutableMatrix, scale: Float = 1, backEnd: BackEnd = .chosen,
    on pool: ThreadPool
) {
    precondition(a.rows == c.rows && b.rows == c.columns && a.columns == b.columns)
    guard c.count > 0, a.columns > 0 else { return c.fill(0) }
    pool.count(MatrixProduct(.activations, rows: c.rows, depth: a.columns, outputs: c.columns))
    unsafe ck_product(
        backEnd.handle, a.base, a.stride, a.rows, a.columns, b.base, b.stride, 1, b.rows, scale, c.base, c.stride,
        pool.handle)
}

/// c ← a · b. a [m, k], b [k, n], c [m, n]. The rows of `a` may overlap.
func multiply(_ a: Matrix, _ b: Matrix, into c: MutableMatrix, backEnd: BackEnd = .chosen, on pool: ThreadPool) {
    precondition(a.rows == c.rows && b.columns == c.columns && a.columns == b.rows)
    guard c.count > 0, a.columns > 0 else { return c.fill(0) }
    pool.count(MatrixProduct(.activations, rows: c.rows, depth: a.columns, outputs: c.columns))
    unsafe ck_product(
        backEnd.handle, a.base, a.stride, a.rows, a.columns, b.base, 1, b.stride, b.columns, 1, c.base, c.stride,
        pool.handle)
}
