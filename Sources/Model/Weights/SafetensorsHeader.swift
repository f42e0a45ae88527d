/// The parsed header of a safetensors file, https://github.com/huggingface/safetensors#format
///
/// The parser accepts exactly the header's schema, an object of objects, so that nesting is bounded. It takes time and
/// memory proportional to the number of bytes, whatever they are. Names must not repeat.
package struct SafetensorsHeader {
    struct Entry {
        let name: String
        let type: ElementType
        let shape: [Int]
        /// Byte range within the data section.
        let range: Range<Int>
    }

    package static let metadataKey = "__metadata__"
    /// The greatest length of a header in bytes: a thousand times what the largest model here needs.
    static let maximumLength = 8 << 20
    static let maximumTensors = 1 << 16
    static let maximumDimensions = 8

    private(set) var metadata: [String: String] = [:]
    /// The tensors in the order of their bytes in the file.
    private(set) var entries: [Entry] = []

    /// Parses a header.
    ///
    /// - Parameters:
    ///   - json: The header's bytes, without the length before them.
    ///   - dataCount: The size in bytes of the data section, which the entries must cover without gap or overlap.
    init(json: [UInt8], dataCount: Int) throws(FormatFault) {
        var cursor = JSONCursor(json)
        var seen: Set<String> = []
        var metadata: [String: String] = [:]
        var entries: [Entry] = []
        try cursor.object { (cursor, name) throws(FormatFault) in
            guard seen.insert(name).inserted else { throw .malformed("the name \(quoted(name)) occurs twice") }
            if name == Self.metadataKey {
                try cursor.object { (cursor, key) throws(FormatFault) in
                    let value = try cursor.string()
                    guard metadata.updateValue(value, forKey: key) == nil else {
                        throw .malformed("the metadata \(quoted(key)) occurs twice")
                    }
                }
            } else {
                guard entries.count < Self.maximumTensors else {
                    throw .refused("it names more than \(Self.maximumTensors) tensors")
                }
                entries.append(try Self.entry(name, &cursor))
            }
        }
        try cursor.end()
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        var position = 0
        for entry in entries {
            guard entry.range.lowerBound >= position else {
                throw .malformed("tensor \(quoted(entry.name)) overlaps the tensor before it")
            }
            guard entry.range.lowerBound == position else {
                throw .malformed("no tensor covers data bytes \(position)..<\(entry.range.lowerBound)")
            }
            guard entry.range.upperBound <= dataCount else {
                throw .malformed(
                    "tensor \(quoted(entry.name)) ends at data byte \(entry.range.upperBound), "
                        + "but there are \(dataCount); the file is cut short")
            }
            position = entry.range.upperBound
        }
        guard position == dataCount else {
            throw .malformed("no tensor covers data bytes \(position)..<\(dataCount)")
        }
        self.metadata = metadata
        self.entries = entries
    }

    private static func entry(_ name: String, _ cursor: inout JSONCursor) throws(FormatFault) -> Entry {
        var type: ElementType?
        var shape: [Int]?
        var offsets: [Int]?
        try cursor.object { (cursor, key) throws(FormatFault) in
            switch key {
            case "dtype" where type == nil:
                let spelled = try cursor.string()
                type = ElementType(rawValue: spelled)
                guard type != nil else {
                    throw .refused("tensor \(quoted(name)) has the unknown element type \(quoted(spelled))")
                }
            case "shape" where shape == nil:
                shape = try cursor.integers(atMost: maximumDimensions)
            case "data_offsets" where offsets == nil:
                offsets = try cursor.integers(atMost: 2)
            default:
                throw .malformed("tensor \(quoted(name)) has an unknown or repeated field \(quoted(key))")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw .malformed("tensor \(quoted(name)) lacks one of dtype, shape and data_offsets")
        }
        guard let size = byteCount(of: shape, type) else {
            throw .malformed("the shape \(shape) of tensor \(quoted(name)) overflows")
        }
        guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
            throw .malformed(
                "tensor \(quoted(name)) of shape \(shape) in \(type.rawValue) takes \(size) bytes, "
                    + "but its offsets are \(offsets)")
        }
        return Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
    }
}
