import CEmotionKernels
import Glibc

/// Element-wise and row-wise operations on matrices; most of their loops are in CKernels.
extension MutableMatrix {
    /// x ← x·Φ(x), with the exact Φ.
    func gelu() {
        precondition(isContiguous)
        unsafe ck_gelu(base, count)
    }

    /// x ← tanh x.
    func tanh() {
        precondition(isContiguous)
        unsafe ck_tanh(base, count)
    }

    /// x ← max(x, 0).
    func relu() {
        precondition(isContiguous)
        for index in 0..<count { unsafe base[index] = max(base[index], 0) }
    }

    /// x ← x + y.
    func add(_ other: Matrix) {
        precondition(isContiguous && other.isContiguous && rows == other.rows && columns == other.columns)
        unsafe ck_add(base, other.base, count)
    }

    /// Compresses the powers x of a signal that is scaled by `gain`: y ← log10 max(gain²·x, least), then
    /// y ← max(y, maximum of y − range), then y·scale + shift.
    func compress(gain: Float, least: Float, range: Float, scale: Float, shift: Float) {
        precondition(isContiguous && least > 0 && gain > 0)
        let greatest = unsafe ck_log10(base, count, least / (gain * gain))
        unsafe ck_clamp_scale(base, count, greatest - range, scale, shift + scale * 2 * log10f(gain))
    }

    /// Replaces each row by its softmax.
    func softmax() {
        precondition(isContiguous)
        unsafe ck_softmax(base, rows, columns)
    }

    /// Scales each row to unit L2 norm.
    func scaleRowsToUnitLength() {
        precondition(isContiguous)
        unsafe ck_normalize_rows(base, rows, columns)
    }

    /// Normalises each column to zero mean and unit variance over its rows, then applies gain and bias: a GroupNorm
    /// with one group for each channel.
    func normaliseColumns(gain: Matrix, bias: Matrix, epsilon: Float, in arena: Arena) {
        precondition(isContiguous && rows > 0)
        precondition(gain.rows == 1 && gain.columns == columns && bias.rows == 1 && bias.columns == columns)
        arena.scope {
            let sums = unsafe arena.doubles(2 * columns)
            unsafe ck_column_norm(base, rows, columns, gain.base, bias.base, epsilon, sums)
        }
    }

    /// Sets this row [1, columns] to the mean of each column of `source`.
    func setColumnMeans(of source: Matrix, in arena: Arena) {
        precondition(rows == 1 && columns == source.columns && source.isContiguous && source.rows > 0)
        arena.scope {
            let sums = unsafe arena.doubles(columns)
            unsafe ck_column_mean(source.base, source.rows, columns, base, sums)
        }
    }

    /// Sets each row to the mean of the next `size` rows of `source`; a remainder of `source` is dropped.
    func setMeans(of source: Matrix, by size: Int, in arena: Arena) {
        precondition(rows == source.rows / size && columns == source.columns)
        guard size > 1 else { return copy(source) }
        for row in 0..<rows {
            rows(row..<(row + 1)).setColumnMeans(of: source.rows((row * size)..<((row + 1) * size)), in: arena)
        }
    }

    /// x ← x · factor + offset.
    func scale(by factor: Float, plus offset: Float = 0) {
        precondition(isContiguous)
        for index in 0..<count {
            unsafe base[index] = base[index] * factor + offset
        }
    }
}

extension Matrix {
    /// Whether all numbers are finite.
    var isFinite: Bool {
        precondition(isContiguous)
        return unsafe allFinite(UnsafeBufferPointer(start: base, count: count))
    }

    /// Mean and population variance of all numbers, accumulated in double precision.
    func moments() -> (mean: Double, variance: Double) {
        precondition(isContiguous)
        var mean = 0.0
        var variance = 0.0
        unsafe ck_moments(base, count, &mean, &variance)
        return (mean, variance)
    }
}
