/// A fixed number of floats on the heap, zero at first; the one place of the detector that touches raw memory.
@safe final class Scratch {
    let count: Int
    private let numbers: UnsafeMutableBufferPointer<Float>

    init(_ count: Int) {
        self.count = count
        unsafe numbers = .allocate(capacity: count)
        unsafe numbers.initialize(repeating: 0)
    }

    convenience init(_ values: [Float]) {
        self.init(values.count)
        for index in values.indices { self[index] = values[index] }
    }

    deinit {
        unsafe numbers.deallocate()
    }

    subscript(index: Int) -> Float {
        @inline(__always) get {
            precondition(index >= 0 && index < count)
            return unsafe numbers[index]
        }
        @inline(__always) set {
            precondition(index >= 0 && index < count)
            unsafe numbers[index] = newValue
        }
    }

    var isFinite: Bool { unsafe allFinite(UnsafeBufferPointer(numbers)) }

    func clear() { unsafe numbers.update(repeating: 0) }

    func copy(_ other: Scratch) {
        precondition(other.count == count)
        unsafe _ = numbers.update(fromContentsOf: other.numbers)
    }

    /// self[start...] += input[from ..< from + rows] · matrix, where `matrix` is [rows, columns], row after row from
    /// `firstRow`.
    ///
    /// Output by output the sum would be a chain that a compiler may not reorder; row by row it vectorises. Four
    /// rows at a time spare three of four passes over the output.
    func add(
        _ input: Scratch, _ from: Int, _ rows: Int, times matrix: Scratch, columns: Int? = nil, firstRow: Int = 0,
        at start: Int = 0
    ) {
        let columns = columns ?? count
        precondition(from >= 0 && rows >= 0 && from + rows <= input.count)
        precondition(start >= 0 && columns >= 0 && start + columns <= count)
        precondition(firstRow >= 0 && (firstRow + rows) * columns <= matrix.count)
        guard rows > 0, columns > 0 else { return }
        let output = unsafe numbers.baseAddress! + start
        let x = unsafe input.numbers.baseAddress! + from
        var row = unsafe matrix.numbers.baseAddress! + firstRow * columns
        var index = 0
        while index + 4 <= rows {
            let (x0, x1, x2, x3) = unsafe (x[index], x[index + 1], x[index + 2], x[index + 3])
            let (row1, row2, row3) = unsafe (row + columns, row + 2 * columns, row + 3 * columns)
            for column in 0..<columns {
                let low = unsafe x0 * row[column] + x1 * row1[column]
                let high = unsafe x2 * row2[column] + x3 * row3[column]
                unsafe output[column] += low + high
            }
            unsafe row += 4 * columns
            index += 4
        }
        while index < rows {
            let x0 = unsafe x[index]
            for column in 0..<columns { unsafe output[column] += x0 * row[column] }
            unsafe row += columns
            index += 1
        }
    }
}
