import EmotionNetwork
import TestSupport

/// Headers made of the format's own words with faults among them, and a whole small network with bytes changed.
struct SafetensorsTarget: Target {
    private let path: String
    private let networks: [[UInt8]]

    init(scratch: String) throws {
        path = scratch + "/case.safetensors"
        networks = try [
            "tiny-whisper-shipped.safetensors", "tiny-whisper-pool.safetensors", "tiny-encoder.safetensors",
        ]
        .map(golden)
    }

    func run(_ chance: inout Chance) {
        let isNetwork = chance.once(in: 32)
        var bytes = isNetwork ? chance.pick(networks) : Self.file(&chance)
        if isNetwork || chance.once(in: 2) { bytes.mutate(&chance, head: 2048) }
        put(bytes, in: path)
        if let file = try? SafetensorsFile(path: path) { check(file, size: bytes.count) }
        if isNetwork, let model = try? EmotionModel(path: path) {
            _ = try? model.makeEngine().embed([Float](repeating: 0.1, count: 8000))
        }
    }

    /// Checks what the reader guarantees for a file that it opens.
    private func check(_ file: SafetensorsFile, size: Int) {
        guard file.byteCount == size else { Guard.fail("a wrong size") }
        var sum = 0
        for name in file.names {
            guard let tensor = file.tensor(name) else { Guard.fail("a tensor that is not there") }
            guard tensor.shape.reduce(1, *) == tensor.count else {
                Guard.fail("a tensor of another size than its shape")
            }
            if let floats = tensor.floats(), floats.count != tensor.count { Guard.fail("floats that are missing") }
            sum += tensor.count * tensor.elementType.size
        }
        if sum > size { Guard.fail("more tensors than bytes") }
    }

    private static func file(_ chance: inout Chance) -> [UInt8] {
        let faults = chance.once(in: 3) ? 0 : chance.below(3) + 1
        var members: [String] = []
        var offset = 0
        for index in 0..<chance.below(6) {
            let type = chance.pick(ElementType.allCases)
            let shape = (0..<chance.below(4)).map { _ in chance.below(5) }
            let end = offset + shape.reduce(type.size, *)
            members.append(
                "\"t\(index)\":{\"dtype\":\"\(type.rawValue)\",\"shape\":\(shape),\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        if chance.once(in: 2) {
            members.insert("\"__metadata__\":{\"format\":\"emoscope-weights/1\",\"tap\":\"3\"}", at: 0)
        }
        for _ in 0..<faults { fault(&members, &chance) }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        if chance.once(in: 2) { text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8) }
        let length = chance.once(in: 12) ? chance.edge() : UInt64(text.count)
        return littleEndian(length) + text + [UInt8](repeating: 0x3C, count: min(offset, 4096))
    }

    /// Another number, a duplicated name, nesting, or text that does not end.
    private static func fault(_ members: inout [String], _ chance: inout Chance) {
        guard !members.isEmpty else { return }
        let index = chance.below(members.count)
        switch chance.below(8) {
        case 0: members.append(members[index])
        case 1: members[index] = "\"x\":" + String(repeating: chance.pick(["[", "{\"a\":"]), count: chance.below(5000))
        case 2:
            members[index] =
                "\"\(String(repeating: "n", count: chance.below(3000)))\\u\(String(chance.edge(), radix: 16))\":{}"
        case 3: members[index] += "}"
        default:
            // One of its numbers becomes one that is likely to break arithmetic.
            let digits = members[index].indices.filter { members[index][$0].isNumber }
            guard !digits.isEmpty else { return }
            let place = chance.pick(digits)
            members[index].replaceSubrange(
                place...place, with: chance.pick([String(chance.edge()), "-1", "1e9", "1.5", "null"]))
        }
    }
}
