/// A safetensors file mapped read-only. Tensors are views into the mapping; nothing is copied.
///
///     let file = try SafetensorsFile(path: "caser.safetensors")
///     if let bias = file.tensor("cls_head.bias") { print(bias.shape, bias.floats()) }
///
/// Opening throws unless every tensor lies inside the mapping, is aligned for its type, and has as many bytes as its
/// shape requires.
public final class SafetensorsFile: @unchecked Sendable {
    /// The header's `__metadata__`; empty where there is none.
    public let metadata: [String: String]
    /// Names of the tensors, in the order of their bytes in the file.
    public let names: [String]
    /// Path of the file, as it was given.
    public var path: String { mapping.path }
    /// Size of the file in bytes.
    public var byteCount: Int { mapping.count }
    /// The offset of the data section, right after the header, in bytes from the file's start.
    package let dataOffset: Int
    package let mapping: MappedFile
    private let tensors: [String: SafetensorsTensor]

    /// Maps the file and reads its header.
    ///
    /// - Throws: `unreadable` where it cannot be opened, `malformed` or `refused` where it breaks the format.
    public convenience init(path: String) throws(WeightsError) {
        try self.init(path: path, requireAlignment: true)
    }

    /// Maps the file and reads its header.
    ///
    /// - Parameter requireAlignment: Whether tensors must be aligned, to be used in place; false for files of others,
    ///   whose tensors are copied.
    package init(path: String, requireAlignment: Bool) throws(WeightsError) {
        let remedy = "use a .safetensors file that emoscope weights import or safetensors' save_file wrote whole"
        let mapping = try MappedFile(path: path)
        do throws(FormatFault) {
            guard let length: UInt64 = mapping.integer(at: 0) else {
                throw .malformed("it is too short for a safetensors file")
            }
            guard length <= SafetensorsHeader.maximumLength, let json = mapping.copy(8, Int(length)) else {
                throw .malformed("it is not a safetensors file, or cut short: it claims a header of \(length) bytes")
            }
            dataOffset = 8 + Int(length)
            let header = try SafetensorsHeader(json: json, dataCount: mapping.count - dataOffset)
            var tensors: [String: SafetensorsTensor] = [:]
            for entry in header.entries {
                let start = dataOffset + entry.range.lowerBound
                guard !requireAlignment || start.isMultiple(of: entry.type.size) else {
                    throw .malformed(
                        "tensor \(quoted(entry.name)) is not aligned to its \(entry.type.size)-byte elements")
                }
                tensors[entry.name] = SafetensorsTensor(entry, at: start, in: mapping)
            }
            self.mapping = mapping
            self.tensors = tensors
            metadata = header.metadata
            names = header.entries.map(\.name)
        } catch {
            throw error.located(in: path, remedy: remedy)
        }
    }

    /// Returns the tensor of a name, or nil. The view keeps the mapping alive.
    public func tensor(_ name: String) -> SafetensorsTensor? {
        tensors[name]
    }
}
