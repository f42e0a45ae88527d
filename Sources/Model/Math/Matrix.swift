/// A read-only, row-major view of `rows` × `columns` single-precision numbers, whose rows start `stride` numbers apart.
///
/// A view keeps its memory alive (the arena's chunk, the mapped file), but an activation's values are valid only until
/// its `Arena` scope ends. The bounds of a view are checked when it is created, and every operation on views checks
/// that their shapes fit, so that layers need no unsafe index.
@safe struct Matrix: @unchecked Sendable {
    let rows: Int
    let columns: Int
    /// Numbers from the start of a row to the start of the next; less than `columns` for overlapping rows, such as the
    /// windows of a convolution.
    let stride: Int
    @unsafe let base: UnsafePointer<Float>
    private let owner: AnyObject

    /// Creates a view.
    ///
    /// - Precondition: `base` points to `rows` rows of `columns` numbers, `stride` numbers apart, which stay valid
    ///   while `owner` exists.
    @unsafe init(_ base: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int, owner: AnyObject) {
        precondition(rows >= 0 && columns >= 0 && stride >= 0)
        unsafe self.base = base
        self.owner = owner
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// Whether the rows follow one another without a gap.
    var isContiguous: Bool { stride == columns || rows <= 1 }

    var count: Int { rows * columns }

    subscript(row: Int, column: Int) -> Float {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns)
        return unsafe base[row * stride + column]
    }

    /// A view of some rows.
    func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return unsafe Matrix(
            base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride, owner: owner)
    }

    /// A view of some columns.
    func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return unsafe Matrix(base + range.lowerBound, rows: rows, columns: range.count, stride: stride, owner: owner)
    }

    /// A view of the same numbers in another shape.
    func reshaped(rows: Int, columns: Int) -> Matrix {
        precondition(isContiguous && rows * columns == count)
        return unsafe Matrix(base, rows: rows, columns: columns, stride: columns, owner: owner)
    }

    /// A view of `rows` rows of `length` numbers, which start `step` numbers apart from `offset` on: the windows of a
    /// convolution.
    func windows(from offset: Int, length: Int, step: Int, rows: Int) -> Matrix {
        precondition(isContiguous && offset >= 0 && rows >= 1 && length >= 0 && step >= 0)
        precondition(offset + (rows - 1) * step + length <= count)
        return unsafe Matrix(base + offset, rows: rows, columns: length, stride: step, owner: owner)
    }

    /// A copy of the numbers, row by row.
    var values: [Float] {
        (0..<rows).flatMap { row in (0..<columns).map { self[row, $0] } }
    }
}

/// A view like `Matrix` that also writes.
@safe struct MutableMatrix {
    let rows: Int
    let columns: Int
    let stride: Int
    @unsafe let base: UnsafeMutablePointer<Float>
    private let owner: AnyObject

    /// Creates a view.
    ///
    /// - Precondition: As for `Matrix`; in addition, rows do not overlap.
    @unsafe init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int, owner: AnyObject) {
        precondition(rows >= 0 && columns >= 0 && stride >= columns)
        unsafe self.base = base
        self.owner = owner
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// A read-only view of the same numbers.
    var view: Matrix { unsafe Matrix(base, rows: rows, columns: columns, stride: stride, owner: owner) }
    var isContiguous: Bool { stride == columns || rows <= 1 }
    var count: Int { rows * columns }

    subscript(row: Int, column: Int) -> Float {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            return unsafe base[row * stride + column]
        }
        nonmutating set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            unsafe base[row * stride + column] = newValue
        }
    }

    func rows(_ range: Range<Int>) -> MutableMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return unsafe MutableMatrix(
            base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride, owner: owner)
    }

    func columns(_ range: Range<Int>) -> MutableMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return unsafe MutableMatrix(
            base + range.lowerBound, rows: rows, columns: range.count, stride: stride, owner: owner)
    }

    func reshaped(rows: Int, columns: Int) -> MutableMatrix {
        precondition(isContiguous && rows * columns == count)
        return unsafe MutableMatrix(base, rows: rows, columns: columns, stride: columns, owner: owner)
    }

    func fill(_ value: Float) {
        for row in 0..<rows {
            unsafe (base + row * stride).update(repeating: value, count: columns)
        }
    }

    /// Copies a matrix of the same shape.
    func copy(_ source: Matrix) {
        precondition(source.rows == rows && source.columns == columns)
        for row in 0..<rows {
            unsafe (base + row * stride).update(from: source.base + row * source.stride, count: columns)
        }
    }

    /// Copies the row `source` [1, columns] into each row.
    func repeatRow(_ source: Matrix) {
        precondition(source.rows == 1 && source.columns == columns)
        for row in 0..<rows {
            unsafe (base + row * stride).update(from: source.base, count: columns)
        }
    }

    /// Calls `body` with a buffer of the numbers, for loops without a bounds check at each index.
    @unsafe func withPointer<Result>(_ body: (UnsafeMutableBufferPointer<Float>) -> Result) -> Result {
        precondition(isContiguous)
        return unsafe body(UnsafeMutableBufferPointer(start: base, count: count))
    }
}
