/// The type of a stored tensor's elements; the raw value is its name in a safetensors header.
public enum ElementType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case int16 = "I16"
    case uint16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case uint32 = "U32"
    case float32 = "F32"
    case float64 = "F64"
    case int64 = "I64"
    case uint64 = "U64"

    /// Bytes of one element; also the alignment that reading it in place needs.
    public var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// Whether its values are real numbers in one of the four floating-point formats.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        default: false
        }
    }
}

/// Bytes of a dense tensor of `shape`; nil for a negative dimension or where the product overflows.
package func byteCount(of shape: [Int], _ type: ElementType) -> Int? {
    // Zero dimensions are applied last, so that the overflow of [2^62, 2^62, 0] is detected.
    var product = type.size
    for dimension in shape where dimension != 0 {
        guard dimension > 0 else { return nil }
        let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
        guard !overflow else { return nil }
        product = next
    }
    return shape.contains(0) ? 0 : product
}
