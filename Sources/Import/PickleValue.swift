import EmotionNetwork

/// The values that a pickle built: an array of values that refer to one another by index.
///
/// It is flat because a hostile pickle can nest a million containers or put a container into itself; nothing recurses.
struct PickleGraph {
    /// The index of a value in `values`.
    typealias Reference = Int32

    enum Value {
        case none
        case bool(Bool)
        case integer(Int)
        /// An integer beyond 64 bits, whose value is not kept.
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

    /// The pairs of a dictionary whose keys are strings; other pairs are left out. Nil if the value is not a
    /// dictionary.
    func strings(_ reference: Reference) -> [(key: String, value: Reference)]? {
        guard case .dictionary(let pairs) = self[reference] else { return nil }
        return pairs.compactMap { pair in
            if case .string(let key) = self[pair.key] { (key, pair.value) } else { nil }
        }
    }
}

/// A global that a checkpoint may name. None is ever called: `PickleMachine` builds the value that a call would build.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildTypedTensor
    case rebuildParameter
    case size
    /// A storage class; nil for the untyped one, whose elements are bytes.
    case storage(ElementType?)
    /// An element type, which names the type of a tensor over an untyped storage.
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

/// A strided view into a storage; `init` checks that every element lies inside the storage.
struct TorchTensor {
    var storage: TorchStorage
    var type: ElementType
    /// The offset of the first element from the storage's start, in elements.
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
            // A stride of zero could expand one number to terabytes.
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
