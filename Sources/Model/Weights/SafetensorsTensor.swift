import CEmotionKernels

/// A read-only view of a tensor in a mapped safetensors file: dense and row-major. The view keeps the mapping alive.
@safe public struct SafetensorsTensor: @unchecked Sendable {
    public let name: String
    public let elementType: ElementType
    /// The dimensions, outermost first; empty for a scalar.
    public let shape: [Int]
    /// The tensor's bytes in the mapping; valid while any view or the file exists.
    @unsafe public let bytes: UnsafeRawBufferPointer
    /// The offset of the bytes in the file.
    package let fileOffset: Int
    private let mapping: MappedFile

    init(_ entry: SafetensorsHeader.Entry, at offset: Int, in mapping: MappedFile) {
        name = entry.name
        elementType = entry.type
        shape = entry.shape
        fileOffset = offset
        unsafe bytes = UnsafeRawBufferPointer(rebasing: mapping.bytes[offset..<(offset + entry.range.count)])
        self.mapping = mapping
    }

    /// The number of elements.
    public var count: Int { unsafe bytes.count / elementType.size }

    /// The elements in place, if they are aligned 32-bit floats; else nil.
    @unsafe public var float32: UnsafeBufferPointer<Float>? {
        guard elementType == .float32, count > 0, let base = unsafe bytes.baseAddress,
            Int(bitPattern: base).isMultiple(of: 4)
        else { return nil }
        return unsafe UnsafeBufferPointer(start: base.assumingMemoryBound(to: Float.self), count: count)
    }

    /// Converts the elements from any floating-point type to 32-bit floats in `output`.
    ///
    /// - Precondition: the element type is floating-point and `output` has room for `count` elements.
    public func copyFloats(into output: UnsafeMutableBufferPointer<Float>) {
        unsafe convertToFloat(bytes, elementType, into: output)
    }

    /// Returns the elements as a new array of 32-bit floats, or nil where they are not floating-point.
    public func floats() -> [Float]? {
        guard elementType.isFloatingPoint else { return nil }
        return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe convertToFloat(bytes, elementType, into: buffer)
            initialized = count
        }
    }
}

/// Converts little-endian elements of any floating-point type to 32-bit floats; the source needs no alignment.
package func convertToFloat(
    _ source: UnsafeRawBufferPointer, _ type: ElementType, into output: UnsafeMutableBufferPointer<Float>
) {
    let count = source.count / type.size
    precondition(output.count >= count && type.isFloatingPoint)
    switch type {
    case .float32:
        if count > 0 { unsafe UnsafeMutableRawBufferPointer(output).copyMemory(from: source) }
    case .float16:
        if count > 0 { unsafe ck_from_half(source.baseAddress, output.baseAddress, count) }
    case .bfloat16:
        for index in 0..<count {
            let bits = unsafe source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            unsafe output[index] = Float(bitPattern: UInt32(bits) << 16)
        }
    case .float64:
        for index in 0..<count {
            unsafe output[index] = Float(source.loadUnaligned(fromByteOffset: 8 * index, as: Double.self))
        }
    default: preconditionFailure("not a floating-point type")
    }
}

/// Whether all numbers are finite; the compiler vectorises the loop.
package func allFinite(_ numbers: UnsafeBufferPointer<Float>) -> Bool {
    var largest: UInt32 = 0
    for index in 0..<numbers.count {
        unsafe largest = max(largest, numbers[index].bitPattern & 0x7FFF_FFFF)
    }
    return largest < 0x7F80_0000
}
