import EmotionNetwork

/// What a pickle built: an arena of values that refer to one another by index.
///
/// Flat, because a hostile pickle can nest a million containers or put one into itself; nothing here recurses.
struct PickleGraph {
    /// Index of a value in the arena.
    typealias Reference = Int32

    enum Value {
        case none
        case bool(Bool)
        case integer(Int)
        /// An integer beyond 64 bits; kept only to be carried past.
        case hugeInteger
        case double(Double)
        case string(String)
        case bytes
        case tuple([Reference])
        case list([Reference])
        case dictionary([(key: Reference, value: Reference)])
        case global(PickleGlobal)
        case storage(TorchStorage)
        case tensor(TorchTensor)
    }

    var values: [Value] = []
    var root: Reference = 0

    subscript(reference: Reference) -> Value {
        get { values[Int(reference)] }
        set { values[Int(reference)] = newValue }
    }

    /// The pairs of a dictionary whose keys are strings; others are left out. Nil where it is no dictionary.
    func strings(_ reference: Reference) -> [(key: String, value: Reference)]? {
        guard case .dictionary(let pairs) = self[reference] else { return nil }
        return pairs.compactMap { pair in
            if case .string(let key) = self[pair.key] { (key, pair.value) } else { nil }
        }
    }
}

/// The only names that a checkpoint may mention. None of them is ever called: the machine knows what each would build.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildTypedTensor
    case rebuildParameter
    case size
    /// A storage class; nil for the untyped one, whose elements are bytes.
    case storage(ElementType?)
    /// An element type, as the rebuilding of a tensor over an untyped storage names it.
    case type(ElementType)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): self = .storage(nil)
        case ("torch", _):
            if let type = Self.storages[name] {
                self = .storage(type)
            } else if let type = Self.types[name] {
                self = .type(type)
            } else {
                return nil
            }
        default: return nil
        }
    }

    private static let storages: [String: ElementType] = [
        "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
        "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
        "ByteStorage": .uint8, "BoolStorage": .bool,
    ]

    private static let types: [String: ElementType] = [
        "float32": .float32, "float64": .float64, "float16": .float16, "bfloat16": .bfloat16, "int64": .int64,
        "int32": .int32, "int16": .int16, "int8": .int8, "uint8": .uint8, "bool": .bool, "uint16": .uint16,
        "uint32": .uint32, "uint64": .uint64,
    ]
}

/// A reference to an entry `data/<key>` of the archive.
struct TorchStorage: Equatable {
    var key: String
    /// Nil where the storage is untyped.
    var type: ElementType?
    /// Elements, or bytes where it is untyped.
    var count: Int
}

/// A view into a storage; checked: every element that it reaches lies inside the storage's count.
struct TorchTensor {
    var storage: TorchStorage
    var type: ElementType
    /// In elements, from the storage's start.
    var offset: Int
    var shape: [Int]
    var strides: [Int]

    static let maximumDimensions = 8

    init(
        storage: TorchStorage, type: ElementType, offset: Int, shape: [Int], strides: [Int]
    ) throws(FormatFault) {
        func outside() -> FormatFault {
            .malformed(
                "a tensor of shape \(shape), strides \(strides), offset \(offset) does not lie inside its storage "
                    + quoted(storage.key) + " of \(storage.count)")
        }
        let available = storage.type == nil ? storage.count / type.size : storage.count
        guard shape.count <= Self.maximumDimensions, shape.count == strides.count, offset >= 0, available >= 0,
            storage.type == nil || storage.type == type, let bytes = byteCount(of: shape, type),
            strides.allSatisfy({ $0 >= 0 })
        else { throw outside() }
        if bytes > 0 {
            var last = offset
            for (dimension, stride) in zip(shape, strides) {
                let (reach, overflow) = (dimension - 1).multipliedReportingOverflow(by: stride)
                let (sum, overflowSum) = last.addingReportingOverflow(reach)
                guard !overflow, !overflowSum else { throw outside() }
                last = sum
            }
            guard last < available else { throw outside() }
            // A stride of zero could make terabytes of one number.
            guard bytes / type.size <= available else {
                throw .refused("a tensor of shape \(shape) repeats the \(available) numbers of its storage")
            }
        }
        self.storage = storage
        self.type = type
        self.offset = offset
        self.shape = shape
        self.strides = strides
    }
}
