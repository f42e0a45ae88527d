import Foundation
import TestSupport
import Testing

@testable import EmotionNetwork
@testable import EmotionWeightsImport

@Suite struct HostileCheckpointTests {
    let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// The problem named when these bytes are opened as a checkpoint; "none" if they open.
    func problem(_ bytes: [UInt8]) -> String {
        do {
            _ = try Checkpoint.open(folder.write("x.pt", bytes))
            return "none"
        } catch let error as WeightsError {
            return error.problem
        } catch {
            return "\(error)"
        }
    }

    func problem(_ zip: ZipBuilder) -> String { problem(zip.bytes) }
    func problem(pickle: [UInt8]) -> String { problem(.checkpoint(pickle)) }

    // MARK: Sound ones, so that the hostile ones fail for their own reason

    @Test(arguments: [false, true]) func readsHandMadeCheckpoint(zip64: Bool) throws {
        let numbers: [Float] = [1, -2, 3.5, 0.25]
        var zip = ZipBuilder.checkpoint(
            Pickle.dictionary(Pickle.tensor()), storage: numbers.flatMap { littleEndian($0.bitPattern) })
        zip.hasZip64End = zip64
        for index in zip.entries.indices { zip.entries[index].isZip64 = zip64 }
        let checkpoint = try Checkpoint.open(folder.write("x.pt", zip.bytes))
        let tensor = try #require(checkpoint.tensors["a"])
        var read: [Float] = []
        try tensor.forEachRun { read += Array($1) }
        #expect(read == numbers)
    }

    @Test func honoursStridesAndOffsets() throws {
        let storage = (0..<10).flatMap { littleEndian(Float($0).bitPattern) }
        let pickle = Pickle.dictionary(
            Pickle.tensor(
                Pickle.storage(count: Pickle.integer(10)), offset: Pickle.integer(1),
                shape: Pickle.tuple(Pickle.integer(2), Pickle.integer(3)),
                strides: Pickle.tuple(Pickle.integer(1), Pickle.integer(3))))
        let checkpoint = try Checkpoint.open(
            folder.write("x.pt", ZipBuilder.checkpoint(pickle, storage: storage).bytes))
        var rows: [[Float]] = []
        try checkpoint.tensors["a"]?.forEachRun { rows.append(Array($1)) }
        #expect(rows == [[1, 4, 7], [2, 5, 8]])
    }

    // MARK: Code

    @Test func refusesFunctionsByName() {
        let command = Pickle.tuple(Pickle.string("touch /tmp/emoscope-was-here")) + Pickle.reduce
        for (module, name) in [
            ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("builtins", "exec"),
            ("__builtin__", "getattr"),
            ("subprocess", "Popen"), ("torch", "load"), ("torch._utils", "_rebuild_sparse_tensor"),
            ("torch.storage", "_load_from_bytes"), ("numpy.core.multiarray", "scalar"), ("collections", "defaultdict"),
        ] {
            for spelling in [Pickle.global(module, name), Pickle.stackGlobal(module, name)] {
                let found = problem(pickle: Pickle.dictionary(spelling + command))
                #expect(found.contains("asks for '\(module).\(name)'"), "\(found)")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/emoscope-was-here"))
        // A function that is named but never called is refused too.
        #expect(problem(pickle: Pickle.dictionary(Pickle.global("os", "system"))).contains("'os.system'"))
    }

    @Test func namesInMessagesArePrintable() {
        let found = problem(
            pickle: Pickle.dictionary(Pickle.stackGlobal("\u{1B}[2J", String(repeating: "x", count: 5000))))
        #expect(!found.contains("\u{1B}"))
        #expect(found.count < 300)
    }

    @Test func refusesOtherOpcodes() {
        for opcode in Array("PIFVSiop".utf8) + [0x82, 0x83, 0x84, 0x8F, 0x90, 0x91, 0x92, 0x97, 0x98, 0xFF] {
            let found = problem(pickle: Pickle.dictionary(Pickle.integer(1) + [opcode]))
            #expect(found.contains("opcode 0x\(String(opcode, radix: 16))"), "\(found)")
        }
        #expect(problem(pickle: [0x80, 0] + Array("}.".utf8)).contains("protocol 0"))
        #expect(problem(pickle: [0x80, 6] + Array("}.".utf8)).contains("protocol 6"))
    }

    @Test func refusesMisusedBuilders() {
        let call = { (function: [UInt8], arguments: [UInt8]) in
            problem(pickle: Pickle.dictionary(function + arguments + Pickle.reduce))
        }
        let ordered = Pickle.global("collections", "OrderedDict")
        #expect(call(ordered, Pickle.tuple(Pickle.integer(1))).contains("wrong arguments"))
        #expect(call(Pickle.global("torch._utils", "_rebuild_tensor_v2"), Pickle.tuple()).contains("wrong arguments"))
        #expect(call(Pickle.global("torch", "FloatStorage"), Pickle.tuple()).contains("wrong arguments"))
        #expect(
            call(Pickle.global("torch._utils", "_rebuild_parameter"), Pickle.tuple(Pickle.integer(1), [0x89]))
                .contains("wrong arguments"))
        #expect(call(Pickle.integer(1), Pickle.tuple()).contains("unknown function"))
        #expect(call(Pickle.tensor(), Pickle.tuple()).contains("unknown function"))
        #expect(
            problem(pickle: Pickle.dictionary(Pickle.integer(3) + Pickle.emptyDictionary + [0x62])).contains("state"))
        #expect(problem(pickle: Pickle.dictionary(Pickle.string("x") + [0x51])).contains("not a tensor storage"))
    }

    // MARK: Size

    @Test func boundsStackMemoAndNesting() {
        let many = 3_000_000
        func repeated(_ bytes: String, _ tail: String = ".") -> [UInt8] {
            Pickle.protocol2 + (0..<many).flatMap { _ in Array(bytes.utf8) } + Array(tail.utf8)
        }
        #expect(problem(pickle: repeated("]")).contains("more than"))
        #expect(problem(pickle: repeated("(")).contains("more than"))
        #expect(problem(pickle: repeated("2").replacingOccurrences(at: 2, with: Array("N".utf8))).contains("more than"))
        #expect(problem(pickle: repeated("N0")).contains("more than"))
        // A tuple in a tuple in a tuple …: nothing recurses, not even on release.
        #expect(
            problem(pickle: Pickle.protocol2 + Array(")".utf8) + Array(repeating: 0x85, count: 400_000) + [0x2E])
                .contains("no dictionary"))
        // A list that holds itself.
        #expect(problem(pickle: Pickle.protocol2 + Array("]q\u{0}h\u{0}a.".utf8)).contains("no dictionary"))
        // Each level is twice the one below: 2^60 elements in name, 60 tuples in fact.
        let doubling = Array("N".utf8) + (0..<60).flatMap { _ in Array("2".utf8) + [0x86] }
        #expect(problem(pickle: Pickle.dictionary(doubling)).contains("no tensors are found"))
        #expect(problem(pickle: [UInt8](repeating: 0x4E, count: PickleMachine.maximumLength + 1)).contains("more than"))
    }

    @Test func refusesOversizedStrings() {
        for length in [UInt64(1) << 40, .max, 1 << 63] {
            for opcode: UInt8 in [0x8D, 0x8E, 0x96] {
                #expect(problem(pickle: Pickle.protocol2 + [opcode] + littleEndian(length)).contains("ends early"))
            }
        }
        #expect(problem(pickle: Pickle.protocol2 + [0x58, 0xFF, 0xFF, 0xFF, 0xFF, 0x61]).contains("ends early"))
        #expect(problem(pickle: Pickle.protocol2 + [0x8B, 0xFF, 0xFF, 0xFF, 0x7F]).contains("ends early"))
        #expect(problem(pickle: Pickle.protocol2 + [0x58, 1, 0, 0, 0, 0xFF]).contains("UTF-8"))
    }

    @Test func refusesStackUnderflow() {
        for pickle in [
            "0", "1", "2", "t", "\u{06}", "a", "s", "R", "b", "Q", "e", "u", "d", "q\u{0}", "h\u{9}", "(.", ".",
        ] {
            #expect(
                problem(pickle: Pickle.protocol2 + Array(pickle.utf8) + Pickle.stop) != "none",
                "\(pickle.debugDescription)")
        }
        for opcode: UInt8 in [0x85, 0x86, 0x87, 0x93, 0x81, 0x94] {
            #expect(problem(pickle: Pickle.protocol2 + [opcode] + Pickle.stop) != "none")
        }
    }

    @Test func everyTruncatedPickleIsAnError() {
        let whole = Pickle.dictionary(Pickle.tensor())
        for count in 0..<whole.count {
            #expect(problem(pickle: Array(whole.prefix(count))) != "none", "\(count) of \(whole.count) bytes")
        }
        #expect(problem(pickle: whole) == "none")
    }

    /// Any byte changed to any of a few values may give a different checkpoint or an error, but never a crash.
    @Test func survivesMutations() throws {
        var generator = Congruential(state: 1)
        let pickle = Pickle.dictionary(Pickle.tensor())
        for index in pickle.indices {
            for value in [0, 1, 0x28, 0x52, 0x74, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &generator)] {
                var mutated = pickle
                mutated[index] = value
                if let graph = try? PickleMachine.load(mutated) { #expect(!graph.values.isEmpty) }
            }
        }
        let zip = ZipBuilder.checkpoint(pickle).bytes
        for index in zip.indices where index % 2 == 0 || index > zip.count - 60 {
            var mutated = zip
            mutated[index] ^= UInt8.random(in: 1...255, using: &generator)
            if let checkpoint = try? Checkpoint.open(folder.write("m.pt", mutated)) {
                try checkpoint.tensors["a"]?.forEachRun { #expect($1.count <= 4) }
            }
        }
    }

    // MARK: Tensors outside their storage

    @Test func refusesTensorsOutsideTheirStorage() {
        func tensor(
            offset: [UInt8] = Pickle.integer(0), shape: [UInt8] = Pickle.tuple(Pickle.integer(4)),
            strides: [UInt8] = Pickle.tuple(Pickle.integer(1)), storage: [UInt8] = Pickle.storage()
        ) -> String {
            problem(pickle: Pickle.dictionary(Pickle.tensor(storage, offset: offset, shape: shape, strides: strides)))
        }
        let largest = Pickle.long(.max)
        #expect(tensor() == "none")
        #expect(tensor(offset: Pickle.integer(1)).contains("does not lie inside"))
        #expect(tensor(offset: Pickle.integer(-1)).contains("does not lie inside"))
        #expect(tensor(offset: largest).contains("does not lie inside"))
        #expect(tensor(shape: Pickle.tuple(Pickle.integer(5))).contains("does not lie inside"))
        #expect(tensor(shape: Pickle.tuple(Pickle.integer(-4))).contains("does not lie inside"))
        #expect(tensor(shape: Pickle.tuple(largest)).contains("does not lie inside"))
        #expect(tensor(strides: Pickle.tuple(Pickle.integer(2))).contains("does not lie inside"))
        #expect(tensor(strides: Pickle.tuple(Pickle.integer(-1))).contains("does not lie inside"))
        #expect(tensor(strides: Pickle.tuple(largest)).contains("does not lie inside"))
        #expect(tensor(strides: Pickle.tuple()).contains("does not lie inside"))
        #expect(
            tensor(shape: Pickle.tuple(largest, largest), strides: Pickle.tuple(largest, largest))
                .contains("does not lie inside"))
        #expect(
            tensor(shape: Pickle.tuple(Pickle.integer(1 << 30)), strides: Pickle.tuple(Pickle.integer(0)))
                .contains("repeats the 4 numbers"))
        let nine = Pickle.tuple(Array((0..<9).flatMap { _ in Pickle.integer(1) }))
        #expect(tensor(shape: nine, strides: nine).contains("9 dimensions"))
        #expect(tensor(storage: Pickle.storage(count: Pickle.integer(5))).contains("claims 5 numbers"))
        #expect(tensor(storage: Pickle.storage(count: largest)).contains("claims 9223372036854775807 numbers"))
        #expect(tensor(storage: Pickle.storage(count: Pickle.integer(-1))).contains("not a tensor storage"))
        #expect(tensor(storage: Pickle.storage("DoubleStorage")).contains("claims 4 numbers"))
        #expect(tensor(storage: Pickle.storage(key: "1")).contains("not in the archive"))
        #expect(tensor(storage: Pickle.storage(key: "../data.pkl")).contains("not in the archive"))
        #expect(tensor(storage: Pickle.integer(0)).contains("wrong arguments"))
    }

    // MARK: Archives

    @Test func refusesArchivesThatTorchNeverWrites() {
        let pickle = Pickle.dictionary(Pickle.tensor())
        func altered(_ change: (inout ZipBuilder) -> Void) -> String {
            var zip = ZipBuilder.checkpoint(pickle)
            change(&zip)
            return problem(zip)
        }
        #expect(altered { _ in } == "none")
        #expect(altered { $0.entries[2].method = 8 }.contains("'x/data/0' is compressed (method 8)"))
        #expect(altered { $0.entries[0].flags = 1 }.contains("'x/data.pkl' is encrypted"))
        #expect(altered { $0.entries[2].statedSize = 1 << 30 }.contains("'x/data/0' does not lie inside"))
        #expect(altered { $0.entries[2].statedOffset = 1 << 30 }.contains("'x/data/0' does not lie inside"))
        #expect(altered { $0.entries[2].statedOffset = 0 }.contains("'x/data/0' does not lie inside"))
        #expect(altered { $0.entries[2].statedLocalName = "x/data/1" }.contains("'x/data/0' does not lie inside"))
        #expect(altered { $0.entries[1] = $0.entries[0] }.contains("'x/data.pkl' occurs twice"))
        #expect(
            altered {
                $0.entries[2].isZip64 = true
                $0.entries[2].zip64Size = .max
            }.contains("does not lie inside"))
        #expect(altered { $0.statedCount = 4 }.contains("directory is broken"))
        #expect(altered { $0.statedDirectoryOffset = 1 << 30 }.contains("outside the file"))
        #expect(
            altered {
                $0.hasZip64End = true
                $0.statedDirectoryOffset = .max
            }.contains("outside the file"))
        #expect(
            altered {
                $0.hasZip64End = true
                $0.statedDirectorySize = .max
            }.contains("outside the file"))
        #expect(
            altered {
                $0.hasZip64End = true
                $0.statedCount = .max
            }.contains("outside the file"))
        #expect(
            altered {
                $0.hasZip64End = true
                $0.statedCount = 1 << 40
            }.contains("lists 1099511627776 entries"))
        #expect(altered { $0.entries[1].data = Array("big___".utf8) }.contains("big-endian"))
        #expect(altered { $0.entries[0].name = "x/other" }.contains("0 entries data.pkl"))
        #expect(altered { $0.entries.append(.init(name: "y/data.pkl", data: [])) }.contains("2 entries data.pkl"))
        #expect(altered { $0.entries.append(.init(name: "x/constants.pkl", data: [])) }.contains("TorchScript"))
    }

    @Test func refusesOverlappingEntries() {
        // The local part of a valid archive lies inside an earlier entry's data, as in an overlap bomb.
        let inner = ZipBuilder(entries: [.init(name: "b", data: [1, 2, 3])])
        let local = Array(inner.bytes.prefix(34))
        let zip = ZipBuilder(entries: [
            .init(name: "a", data: local), .init(name: "b", data: [1, 2, 3], statedOffset: 31),
        ])
        #expect(problem(zip).contains("'a' and 'b' overlap"))
    }

    @Test func everyTruncatedArchiveIsAnError() {
        let whole = ZipBuilder.checkpoint(Pickle.dictionary(Pickle.tensor())).bytes
        for count in 0..<whole.count {
            #expect(problem(Array(whole.prefix(count))) != "none", "\(count) of \(whole.count) bytes")
        }
    }

    @Test func otherFormsAreNamed() throws {
        #expect(throws: WeightsError.self) { try Checkpoint.open(Folder.goldens.path) }
        let legacy = Folder.goldens.appendingPathComponent("weights/legacy.pt")
        #expect(problem(Array(try Data(contentsOf: legacy))).contains("before version 1.6"))
        #expect(problem(Array("version https://git-lfs.github.com/spec/v1\n".utf8)).contains("Git LFS pointer"))
        #expect(problem(pickle: Pickle.dictionary(Pickle.integer(1))).contains("its keys are 'a'"))
    }
}

extension [UInt8] {
    fileprivate func replacingOccurrences(at index: Int, with bytes: [UInt8]) -> [UInt8] {
        Array(prefix(index)) + bytes + Array(dropFirst(index))
    }
}

/// Knuth's MMIX generator: the same mutations in every run.
private struct Congruential: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 33
    }
}
