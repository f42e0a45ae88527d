import CEmotionKernels
import Glibc

/// The element-wise and row-wise operations on matrices; the loops themselves are in CKernels.
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

    /// For the powers x of a signal that is to be `gain` times as large: log10 max(gain²·x, least), then all that is more than
    /// `range` under the greatest becomes `range` under it; then x·scale + shift.
    func compress(gain: Float, least: Float, range: Float, scale: Float, shift: Float) {
        precondition(isContiguous && least > 0 && gain > 0)
        let greatest = unsafe ck_log10(base, count, least / (gain * gain))
        unsafe ck_clamp_scale(base, count, greatest - range, scale, shift + scale * 2 * log10f(gain))
    }

    /// Each row becomes its softmax.
    func softmax() {
        precondition(isContiguous)
        unsafe ck_softmax(base, rows, columns)
    }

    /// Each row is scaled to unit L2 length.
    func scaleRowsToUnitLength() {
        precondition(isContiguous)
        unsafe ck_normalize_rows(base, rows, columns)
    }

    /// Each column becomes zero-mean and unit-variance over its rows, then gain and bias: a GroupNorm with one group a
    /// channel.
    func normaliseColumns(gain: Matrix, bias: Matrix, epsilon: Float, in arena: Arena) {
        precondition(isContiguous && rows > 0)
        precondition(gain.rows == 1 && gain.columns == columns && bias.rows == 1 && bias.columns == columns)
        arena.scope {
            let sums = unsafe arena.doubles(2 * columns)
            unsafe ck_column_norm(base, rows, columns, gain.base, bias.base, epsilon, sums)
        }
    }

    /// This one row ← the mean of each column of `source`.
    func setColumnMeans(of source: Matrix, in arena: Arena) {
        precondition(rows == 1 && columns == source.columns && source.isContiguous && source.rows > 0)
        arena.scope {
            let sums = unsafe arena.doubles(columns)
            unsafe ck_column_mean(source.base, source.rows, columns, base, sums)
        }
    }

    /// Each row ← the mean of the next `size` rows of `source`; a remainder of `source` is left out.
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
    /// Whether no number is infinite or NaN.
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
