import EmotionNetwork

/// A PyTorch checkpoint (`.pt`, `.bin`) in zip form: the values that its pickle describes, and views into its storages.
/// No code in the file is ever run.
struct TorchCheckpoint {
    let graph: PickleGraph
    private let mapping: MappedFile
    private let archive: ZipArchive
    /// The folder of the archive's entries, with a trailing slash.
    private let folder: String

    static let zipMagic: UInt32 = 0x0403_4B50

    init(_ mapping: MappedFile) throws(FormatFault) {
        self.mapping = mapping
        archive = try ZipArchive(mapping)
        let pickles = archive.entries.keys.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
        guard pickles.count == 1, let pickle = pickles.first, let range = archive.entries[pickle] else {
            throw .malformed("it is a zip archive, but no PyTorch checkpoint: it has \(pickles.count) entries data.pkl")
        }
        folder = String(pickle.dropLast("data.pkl".count))
        guard archive.entries[folder + "constants.pkl"] == nil else {
            throw .refused("it is a TorchScript program, not a checkpoint")
        }
        if let order = archive.entries[folder + "byteorder"],
            order.count != 6 || mapping.copy(order.lowerBound, 6) != Array("little".utf8)
        {
            throw .refused("its numbers are big-endian")
        }
        guard range.count <= PickleMachine.maximumLength, let bytes = mapping.copy(range.lowerBound, range.count) else {
            throw .refused("its pickle has \(range.count) bytes, more than \(PickleMachine.maximumLength)")
        }
        graph = try PickleMachine.load(bytes)
    }

    /// Locates the numbers of `tensor` in the mapped file, and checks the size of the storage's entry.
    func locate(_ tensor: TorchTensor, named name: String) throws(FormatFault) -> StridedTensor {
        let storage = tensor.storage
        guard let range = archive.entries["\(folder)data/\(storage.key)"] else {
            throw .malformed("the storage \(quoted(storage.key)) of tensor \(quoted(name)) is not in the archive")
        }
        let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type?.size ?? 1)
        guard !overflow, size <= range.count else {
            throw .malformed(
                "the storage \(quoted(storage.key)) of tensor \(quoted(name)) claims \(storage.count) numbers, "
                    + "but its entry has \(range.count) bytes")
        }
        return StridedTensor(
            mapping: mapping, type: tensor.type, shape: tensor.shape, strides: tensor.strides,
            offset: range.lowerBound + tensor.offset * tensor.type.size)
    }
}
