import EmotionNetwork

/// A tensor of a checkpoint: a strided view into the mapped file, which is read run by run.
///
/// The code that creates one must have checked that every element lies inside the mapping.
struct StridedTensor {
    let mapping: MappedFile
    var type: ElementType
    var shape: [Int]
    /// The stride of each dimension, in elements.
    var strides: [Int]
    /// The offset of the first element in the file, in bytes.
    var offset: Int

    var count: Int { shape.reduce(1, *) }

    /// A view of the same elements with the dimensions in another order.
    func permuted(_ order: [Int]) -> StridedTensor {
        var view = self
        view.shape = order.map { shape[$0] }
        view.strides = order.map { strides[$0] }
        return view
    }

    /// The row-major strides of a dense tensor.
    static func denseStrides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
        }
        return strides
    }

    /// Calls `body` with the elements in row-major order as 32-bit floats, run by run.
    ///
    /// A run never crosses the end of the last dimension, and has at most `longestRun` elements.
    ///
    /// - Parameter body: A function called with the coordinates in all dimensions but the last, and the run.
    func forEachRun(
        _ body: ([Int], UnsafeMutableBufferPointer<Float>) throws(WeightsError) -> Void
    ) throws(WeightsError) {
        guard !shape.contains(0) else { return }
        let length = shape.last ?? 1
        let stride = strides.last ?? 1
        var outer = [Int](repeating: 0, count: max(shape.count - 1, 0))
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: min(length, Self.longestRun))
        defer { unsafe buffer.deallocate() }
        while true {
            let row = zip(outer, strides).reduce(0) { $0 + $1.0 * $1.1 }
            var start = 0
            while start < length {
                let count = min(length - start, Self.longestRun)
                let run = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<count])
                unsafe read(from: row + start * stride, stride, into: run)
                try unsafe body(outer, run)
                start += count
            }
            guard advance(&outer) else { return }
        }
    }

    private static let longestRun = 1 << 16

    /// Advances `outer` to the next coordinates in row-major order; returns false after the last.
    private func advance(_ outer: inout [Int]) -> Bool {
        for axis in outer.indices.reversed() {
            outer[axis] += 1
            if outer[axis] < shape[axis] { return true }
            outer[axis] = 0
        }
        return false
    }

    private func read(from element: Int, _ stride: Int, into run: UnsafeMutableBufferPointer<Float>) {
        let size = type.size
        let start = offset + element * size
        if stride == 1 {
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: mapping.bytes[start..<(start + run.count * size)])
            unsafe convertToFloat(bytes, type, into: run)
            return
        }
        for index in 0..<run.count {
            let at = start + index * stride * size
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: mapping.bytes[at..<(at + size)])
            unsafe convertToFloat(bytes, type, into: UnsafeMutableBufferPointer(rebasing: run[index..<(index + 1)]))
        }
    }
}
