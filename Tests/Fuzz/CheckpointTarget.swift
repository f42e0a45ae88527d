import EmotionWeightsImport
import TestSupport

/// Zip archives with faults in every field, pickles of a checkpoint with faults, pickles of any opcodes at all, and a
/// whole small checkpoint with bytes changed.
struct CheckpointTarget: Target {
    private let path: String
    private let output: String
    private let networks: [[UInt8]]

    init(scratch: String) throws {
        path = scratch + "/case.pt"
        output = scratch + "/out.safetensors"
        networks = try ["tiny-old.pt", "tiny-new.pt"].map(golden)
    }

    func run(_ chance: inout Chance) {
        var options = WeightsImporter.Options()
        (options.crossHeads, options.tap, options.encoderHeads) = (4, 2, 4)
        let isNetwork = chance.once(in: 64)
        var bytes = isNetwork ? chance.pick(networks) : Self.archive(&chance)
        if isNetwork { Self.change(&bytes, &chance) } else if chance.once(in: 3) { bytes.mutate(&chance) }
        put(bytes, in: path)
        _ = try? WeightsImporter.importCheckpoint(at: path, to: output, options: options)
    }

    /// The pickle and the directory lie at the two ends of a checkpoint.
    private static func change(_ bytes: inout [UInt8], _ chance: inout Chance) {
        if chance.once(in: 2) {
            bytes.mutate(&chance, head: 24_000)
        } else {
            bytes.reverse()
            bytes.mutate(&chance, head: 9000)
            bytes.reverse()
        }
    }

    private static func archive(_ chance: inout Chance) -> [UInt8] {
        var zip = ZipBuilder.checkpoint(PickleMaker.any(&chance))
        guard !chance.once(in: 3) else { return zip.bytes }
        zip.hasZip64End = chance.once(in: 3)
        if chance.once(in: 8) { zip.statedCount = chance.edge() }
        if chance.once(in: 8) { zip.statedDirectorySize = chance.edge() }
        if chance.once(in: 8) { zip.statedDirectoryOffset = chance.edge() }
        if chance.once(in: 8) { zip.entries.append(chance.pick(zip.entries)) }
        if chance.once(in: 8) { zip.entries.append(.init(name: "x/data/../../../etc/passwd", data: [1, 2, 3])) }
        for index in zip.entries.indices {
            if chance.once(in: 4) { zip.entries[index].isZip64 = true }
            if chance.once(in: 12) { zip.entries[index].zip64Size = chance.edge() }
            if chance.once(in: 12) { zip.entries[index].statedSize = UInt32(truncatingIfNeeded: chance.edge()) }
            if chance.once(in: 12) { zip.entries[index].statedOffset = UInt32(truncatingIfNeeded: chance.edge()) }
            if chance.once(in: 12) { zip.entries[index].method = chance.pick([0, 8, 12, 99]) }
            if chance.once(in: 12) { zip.entries[index].flags = UInt16(truncatingIfNeeded: chance.edge()) }
            if chance.once(in: 20) { zip.entries[index].name = String(repeating: "n", count: chance.below(3000)) }
            if chance.once(in: 20) { zip.entries[index].statedLocalName = "y" }
        }
        return zip.bytes
    }
}

/// Pickles that are nearly right, and pickles of random opcodes.
private enum PickleMaker {
    static func any(_ chance: inout Chance) -> [UInt8] {
        var bytes = chance.once(in: 3) ? soup(&chance) : stateDictionary(&chance)
        if chance.once(in: 3) { bytes.mutate(&chance) }
        return bytes
    }

    private static func stateDictionary(_ chance: inout Chance) -> [UInt8] {
        func number(_ usual: Int32) -> [UInt8] {
            switch chance.below(8) {
            case 0: Pickle.long(Int64(bitPattern: chance.edge()))
            case 1: Pickle.integer(Int32(truncatingIfNeeded: Int64(bitPattern: chance.edge())))
            default: Pickle.integer(usual)
            }
        }
        var bytes = Pickle.protocol2 + Pickle.emptyDictionary
        for index in 0..<chance.below(4) {
            let type = chance.pick(["FloatStorage", "HalfStorage", "DoubleStorage", "LongStorage", "UntypedStorage"])
            let shape = (0..<chance.below(4)).flatMap { _ in number(2) }
            let strides = (0..<chance.below(4)).flatMap { _ in number(1) }
            let storage = Pickle.storage(type, key: chance.pick(["0", "0", "1", "../0"]), count: number(4))
            bytes += Pickle.string("t\(index)")
            bytes += Pickle.tensor(
                storage, offset: number(0), shape: Pickle.tuple(shape), strides: Pickle.tuple(strides))
            bytes += Pickle.setItem
        }
        return bytes + Pickle.stop
    }

    private static let opcodes =
        Array("(012NJKMGXBCtlaedsu)]}qrhjcRbQ.IFSVTUpgoxi".utf8)
        + [
            0x80, 0x81, 0x82, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95,
            0x96,
        ]

    private static func soup(_ chance: inout Chance) -> [UInt8] {
        var bytes = Pickle.protocol2
        for _ in 0..<chance.below(200) {
            switch chance.below(6) {
            case 0: bytes += Pickle.string("storage")
            case 1:
                bytes += chance.pick([
                    Pickle.global("collections", "OrderedDict"), Pickle.global("torch._utils", "_rebuild_tensor_v2"),
                    Pickle.global("torch._utils", "_rebuild_parameter"), Pickle.global("torch", "Size"),
                    Pickle.global("torch", "FloatStorage"), Pickle.global("os", "system"),
                ])
            case 2: bytes += Pickle.storage()
            case 3: bytes += Pickle.integer(Int32(truncatingIfNeeded: Int64(bitPattern: chance.edge())))
            default:
                bytes.append(chance.pick(opcodes))
                if chance.once(in: 3) { bytes += littleEndian(chance.edge()).prefix(chance.below(9)) }
            }
        }
        return bytes + Pickle.stop
    }
}
