import EmotionNetwork

/// An open checkpoint of PyTorch or safetensors: views of its tensors by their names in the file.
struct Checkpoint {
    let mapping: MappedFile
    /// A description for the report: the container, and the place of the tensors in it.
    let form: String
    let tensors: [String: StridedTensor]

    /// The keys under which training scripts store the model's state dict beside the optimizer's, in the order of
    /// trial.
    static let stateKeys = ["model_state_dict", "best_chkpt", "state_dict"]

    /// Opens a checkpoint, whose container is recognised by its first bytes.
    static func open(_ path: String) throws(WeightsError) -> Checkpoint {
        let mapping = try MappedFile(path: path)
        let head = mapping.copy(0, min(mapping.count, 64)) ?? []
        do throws(FormatFault) {
            if mapping.integer(UInt32.self, at: 0) == TorchCheckpoint.zipMagic {
                let (form, tensors) = try torch(mapping)
                return Checkpoint(mapping: mapping, form: form, tensors: tensors)
            } else if head.starts(with: legacyMagic) {
                throw .refused("it is a PyTorch file of the form before version 1.6, which is not read")
            } else if head.starts(with: "version https://git-lfs".utf8) {
                throw .malformed("it is a Git LFS pointer, not the file that it points to")
            }
        } catch {
            throw error.located(in: path, remedy: remedy)
        }
        return try Checkpoint(SafetensorsFile(path: path, requireAlignment: false))
    }

    private init(mapping: MappedFile, form: String, tensors: [String: StridedTensor]) {
        self.mapping = mapping
        self.form = form
        self.tensors = Self.withoutWrapper(tensors)
    }

    /// The tensors by the names that the model itself has: a model that was trained on several devices is in a wrapper,
    /// whose tensors are all in `module`.
    private static func withoutWrapper(_ tensors: [String: StridedTensor]) -> [String: StridedTensor] {
        let prefix = "module."
        guard tensors.keys.allSatisfy({ $0.hasPrefix(prefix) }) else { return tensors }
        return Dictionary(uniqueKeysWithValues: tensors.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }

    private init(_ file: SafetensorsFile) {
        var views: [String: StridedTensor] = [:]
        for name in file.names {
            guard let tensor = file.tensor(name) else { continue }
            views[name] = StridedTensor(
                mapping: file.mapping, type: tensor.elementType, shape: tensor.shape,
                strides: StridedTensor.denseStrides(tensor.shape), offset: tensor.fileOffset)
        }
        self.init(mapping: file.mapping, form: "safetensors", tensors: views)
    }

    private static let remedy =
        "use the whole file, or re-save just its tensors with torch.save(model.state_dict(), 'plain.pt')"

    /// The first bytes of a torch.save file before version 1.6: pickle protocol 2, then an 80-bit magic number.
    private static let legacyMagic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]

    private static func torch(_ mapping: MappedFile) throws(FormatFault) -> (String, [String: StridedTensor]) {
        let checkpoint = try TorchCheckpoint(mapping)
        let graph = checkpoint.graph
        let (found, keys) = try stateDictionary(graph)
        var tensors: [String: StridedTensor] = [:]
        for (name, value) in found {
            guard case .tensor(let tensor) = graph[value] else { continue }
            let view = try checkpoint.locate(tensor, named: name)
            guard tensors.updateValue(view, forKey: name) == nil else {
                throw .malformed("the tensor \(quoted(name)) occurs twice")
            }
        }
        return ("PyTorch state dict" + (keys.isEmpty ? "" : " under " + keys.joined(separator: ".")), tensors)
    }

    /// The state dict: what is reached from the root by at most two of `stateKeys`, or else the root. Beside it, training
    /// scripts keep the loss, which may be a tensor as well.
    private static func stateDictionary(
        _ graph: PickleGraph
    ) throws(FormatFault) -> ([(key: String, value: PickleGraph.Reference)], keys: [String]) {
        var keys: [String] = []
        var candidate = graph.root
        while true {
            guard let pairs = graph.strings(candidate) else {
                throw .malformed("it holds no dictionary of tensors\(keys.last.map { " under \(quoted($0))" } ?? "")")
            }
            let hasTensors = pairs.contains { if case .tensor = graph[$0.value] { true } else { false } }
            let next = stateKeys.lazy.compactMap { key in
                pairs.last { $0.key == key && (!hasTensors || graph.strings($0.value) != nil) }
            }.first
            if next == nil, hasTensors { return (pairs, keys) }
            guard keys.count < 2, let next else {
                let names = pairs.prefix(8).map { quoted($0.key) }.joined(separator: ", ")
                throw .malformed(
                    "no tensors are found in it, nor under \(stateKeys.joined(separator: ", ")); its keys are \(names)")
            }
            keys.append(next.key)
            candidate = next.value
        }
    }
}
